import type { BegunPaths } from './assignments/begun-paths.js';
import type { Catalogue } from './assignments/catalogue.js';
import type { ClassTurns } from './assignments/class-turns.js';
import type { HistoryImport } from './assignments/history-import.js';
import type { ManyClasses } from './assignments/many-classes.js';
import type { Assignments } from './assignments/service.js';
import type { OverTime } from './classes/over-time.js';
import type { ClassPaths } from './classes/service.js';
import type { Dependencies } from './dependencies.js';
import type { DwengoImport } from './dwengo/import.js';
import type { PathEditing } from './paths/editing.js';
import type { PathPresence } from './paths/presence.js';
import type { PathService } from './paths/service.js';
import type { PathShapes } from './paths/shapes.js';
import type { PathVersions } from './paths/versions.js';
import type { Messages } from './progress/messages.js';
import type { ResultGroups } from './progress/result-groups.js';
import type { SchoolActivity } from './progress/school-activity.js';
import type { Progress } from './progress/service.js';
import type { TeacherStart } from './progress/start.js';
import type { ToolResultsReader } from './progress/tool-results.js';
import type { Tries } from './progress/tries.js';
import type { Publishing } from './publishing/service.js';
import type { Replacements } from './replacements/service.js';
import type { BranchChoices } from './trail/choices.js';
import type { ExtraSteps } from './trail/extra-steps.js';
import type { Milestones } from './trail/milestones.js';
import type { ResultRows } from './trail/result-rows.js';
import type { Results } from './trail/results.js';
import type { Trails } from './trail/service.js';
import type { PupilStart } from './trail/start.js';
import type { StepLaunches } from './trail/step-launches.js';
import type { PathTransfer } from './transfer/service.js';
import type { StepWork } from './work/service.js';

/**
 * The services that routes, commands and event handlers can resolve. Services use {@link Dependencies} instead, because importing this file
 * would be a circular import.
 */
export interface Cradle extends Dependencies {
  /** Exported to other plugins. */
  paths: Catalogue;
  /** Exported to other plugins. */
  history: HistoryImport;
  pathService: PathService;
  pathShapes: PathShapes;
  editing: PathEditing;
  versions: PathVersions;
  presence: PathPresence;
  transfer: PathTransfer;
  publishing: Publishing;
  assignments: Assignments;
  manyClasses: ManyClasses;
  classTurns: ClassTurns;
  begunPaths: BegunPaths;
  trails: Trails;
  extraSteps: ExtraSteps;
  choices: BranchChoices;
  stepWork: StepWork;
  milestones: Milestones;
  resultRows: ResultRows;
  results: Results;
  stepLaunches: StepLaunches;
  tries: Tries;
  progress: Progress;
  teacherStart: TeacherStart;
  schoolActivity: SchoolActivity;
  pupilStart: PupilStart;
  toolResults: ToolResultsReader;
  classPaths: ClassPaths;
  replacements: Replacements;
  messages: Messages;
  resultGroups: ResultGroups;
  overTime: OverTime;
  dwengo: DwengoImport;
}
