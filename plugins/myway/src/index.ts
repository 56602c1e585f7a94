import { definePlugin } from '@ilearn/core';
import { BegunPaths } from './assignments/begun-paths.js';
import { Catalogue } from './assignments/catalogue.js';
import { ClassTurns } from './assignments/class-turns.js';
import { followTurn } from './assignments/follow-turn.js';
import { endAssignmentsOfGroup } from './assignments/group-removed.js';
import { HistoryImport } from './assignments/history-import.js';
import { jobs } from './assignments/jobs.js';
import { ManyClasses } from './assignments/many-classes.js';
import { notificationKinds } from './assignments/notification-kinds.js';
import { assignmentRoutes } from './assignments/routes.js';
import { Assignments } from './assignments/service.js';
import { OverTime } from './classes/over-time.js';
import { classRoutes } from './classes/routes.js';
import { ClassPaths } from './classes/service.js';
import { config } from './config.js';
import { importDwengo } from './dwengo/command.js';
import { DwengoImport } from './dwengo/import.js';
import { events } from './events.js';
import type { MyWayExports, MyWaySlots } from './exports.js';
import { migrations } from './migrations.js';
import { PathEditing } from './paths/editing.js';
import { PathPresence } from './paths/presence.js';
import { pathRoutes } from './paths/routes.js';
import { PathService } from './paths/service.js';
import { PathShapes } from './paths/shapes.js';
import { versionRoutes } from './paths/version-routes.js';
import { PathVersions } from './paths/versions.js';
import { live } from './progress/live.js';
import { Messages } from './progress/messages.js';
import { ResultGroups } from './progress/result-groups.js';
import { progressRoutes } from './progress/routes.js';
import { SchoolActivity } from './progress/school-activity.js';
import { Progress } from './progress/service.js';
import { TeacherStart } from './progress/start.js';
import { startRoutes } from './progress/start-routes.js';
import { ToolResultsReader } from './progress/tool-results.js';
import { Tries } from './progress/tries.js';
import { publishPaths } from './publishing/jobs.js';
import { publishingRoutes } from './publishing/routes.js';
import { Publishing } from './publishing/service.js';
import { endingKinds, warnOfEnd } from './replacements/licence-ending.js';
import { replacementRoutes } from './replacements/routes.js';
import { Replacements } from './replacements/service.js';
import { searchRoutes } from './search/routes.js';
import { commands, searchSources, shortcuts } from './search/sources.js';
import { StaffPathService } from './staff/staff-paths.js';
import { files, tables } from './tables.js';
import { BranchChoices } from './trail/choices.js';
import { ExtraSteps } from './trail/extra-steps.js';
import { Milestones } from './trail/milestones.js';
import { ResultRows } from './trail/result-rows.js';
import { Results } from './trail/results.js';
import { trailRoutes } from './trail/routes.js';
import { recordScore } from './trail/scores.js';
import { Trails } from './trail/service.js';
import { PupilStart } from './trail/start.js';
import { pupilStartRoutes } from './trail/start-routes.js';
import { stepLaunchRoutes } from './trail/step-launch-routes.js';
import { StepLaunches } from './trail/step-launches.js';
import { transferRoutes } from './transfer/routes.js';
import { PathTransfer } from './transfer/service.js';
import { workRoutes } from './work/routes.js';
import { StepWork } from './work/service.js';

export type * from './exports.js';

const permissions = {
  'path:read': ['teacher', 'guest-teacher', 'ict-coordinator', 'principal'],
  'path:write': ['teacher', 'guest-teacher', 'ict-coordinator'],
  'path:publish': ['teacher', 'ict-coordinator'],
  'path:assign': ['teacher', 'guest-teacher'],
  'path:follow': ['pupil'],
  'path:walk': ['pupil', 'teacher', 'guest-teacher', 'ict-coordinator', 'principal'],
  'progress:read': ['teacher', 'guest-teacher'],
  'school-activity:read': ['principal'],
};

declare module '@ilearn/core' {
  interface PluginRegistry {
    myway: { events: typeof events; permissions: keyof typeof permissions; exports: MyWayExports; slots: MyWaySlots };
  }
}

/** Learning paths: teachers compose and assign them and follow progress; pupils follow them. */
export default definePlugin({
  id: 'myway',
  version: '0.1.0',
  requires: { directory: '^0.1.0', library: '^0.1.0', lti: '^0.1.0' },
  optional: { licences: '^0.1.0', notifications: '^0.1.0', search: '^0.1.0' },
  config,
  permissions,
  scopes: { 'paths:read': 'scopes.pathsRead', 'progress:read': 'scopes.progressRead' },
  tables,
  files,
  migrations,
  services: {
    paths: Catalogue,
    pathService: PathService,
    pathShapes: PathShapes,
    editing: PathEditing,
    versions: PathVersions,
    presence: PathPresence,
    transfer: PathTransfer,
    publishing: Publishing,
    assignments: Assignments,
    manyClasses: ManyClasses,
    classTurns: ClassTurns,
    begunPaths: BegunPaths,
    history: HistoryImport,
    trails: Trails,
    extraSteps: ExtraSteps,
    choices: BranchChoices,
    milestones: Milestones,
    resultRows: ResultRows,
    results: Results,
    stepWork: StepWork,
    stepLaunches: StepLaunches,
    tries: Tries,
    progress: Progress,
    teacherStart: TeacherStart,
    schoolActivity: SchoolActivity,
    pupilStart: PupilStart,
    toolResults: ToolResultsReader,
    classPaths: ClassPaths,
    replacements: Replacements,
    messages: Messages,
    resultGroups: ResultGroups,
    overTime: OverTime,
    dwengo: DwengoImport,
    staffPaths: StaffPathService,
  },
  exports: { services: ['paths', 'staffPaths', 'history'] },
  events,
  contributes: {
    'notifications.kinds': [...notificationKinds, ...endingKinds],
    'search.sources': searchSources,
    'search.commands': commands,
    'search.shortcuts': shortcuts,
  },
  routes: [
    ...pathRoutes,
    ...versionRoutes,
    ...transferRoutes,
    ...publishingRoutes,
    ...assignmentRoutes,
    ...trailRoutes,
    ...workRoutes,
    ...pupilStartRoutes,
    ...stepLaunchRoutes,
    ...progressRoutes,
    ...startRoutes,
    ...classRoutes,
    ...replacementRoutes,
    ...searchRoutes,
  ],
  on: {
    'lti.score-received': recordScore,
    'directory.group-removed': endAssignmentsOfGroup,
    'directory.school-year-turned': followTurn.turned,
    'directory.school-year-restored': followTurn.restored,
    'licences.ending': warnOfEnd,
  },
  live,
  jobs: { ...jobs, 'publish-paths': publishPaths },
  commands: [importDwengo],
  ui: {
    entry: new URL('./ui/index.js', import.meta.url),
    messages: new URL('../messages/', import.meta.url),
    pages: [
      {
        path: '/paden',
        tag: 'myway-paths-page',
        title: 'paths.title',
        permission: 'path:read',
        help: 'paths',
        nav: { icon: 'route', order: 10 },
      },
      { path: '/paden/vervangen', tag: 'myway-replace-page', title: 'replace.title', permission: 'path:write', help: 'paths' },
      { path: '/paden/:id', tag: 'myway-builder-page', title: 'builder.title', permission: 'path:read', help: 'paths' },
      {
        path: '/opvolging',
        tag: 'myway-follow-up-page',
        title: 'followUp.title',
        permission: 'progress:read',
        help: 'paths',
        nav: { icon: 'chart-column', order: 15 },
      },
      {
        path: '/opvolging/:assignmentId',
        tag: 'myway-board-page',
        title: 'board.title',
        permission: 'progress:read',
        help: 'paths',
        density: 'compact',
        loads: ['/assignments/:assignmentId/progress'],
      },
      {
        path: '/mijn-paden',
        tag: 'myway-my-paths-page',
        title: 'myPaths.title',
        permission: 'path:follow',
        help: 'paths',
        nav: { icon: 'route', order: 10 },
        density: 'kid',
        loads: ['/my-paths'],
      },
      {
        path: '/mijn-paden/:assignmentId',
        tag: 'myway-trail-page',
        title: 'trail.title',
        permission: 'path:follow',
        help: 'paths',
        density: 'kid',
        loads: ['/my-paths/:assignmentId'],
      },
      {
        path: '/mijn-paden/:assignmentId/stap/:stepId',
        tag: 'myway-step-page',
        title: 'step.title',
        permission: 'path:follow',
        help: 'paths',
        density: 'kid',
      },
      {
        path: '/leertraject/:assignmentId',
        tag: 'myway-trail-page',
        title: 'trail.title',
        permission: 'path:walk',
        help: 'paths',
      },
      {
        path: '/leertraject/:assignmentId/stap/:stepId',
        tag: 'myway-step-page',
        title: 'step.title',
        permission: 'path:walk',
        help: 'paths',
      },
    ],
    slots: [
      { slot: 'library.activity-actions', tag: 'myway-add-to-path', permission: 'path:write', order: 10 },
      { slot: 'directory.class', tag: 'myway-give-path', permission: 'path:assign', order: 90 },
      { slot: 'directory.class-content', tag: 'myway-class-lines', permission: 'progress:read', order: 10 },
      { slot: 'directory.class-content', tag: 'myway-class-topics', permission: 'progress:read', order: 20 },
      { slot: 'directory.class-pupil', tag: 'myway-pupil-status', permission: 'progress:read', order: 10 },
      { slot: 'directory.person-content', tag: 'myway-person-paths', permission: 'progress:read', order: 10 },
      { slot: 'directory.person-content', tag: 'myway-person-time', permission: 'progress:read', order: 20 },
      {
        slot: 'shell.start',
        tag: 'myway-start-next',
        permission: 'path:follow',
        order: 10,
        size: 'full',
        loads: ['/start/next'],
      },
      { slot: 'shell.start', tag: 'myway-start-due', permission: 'path:follow', order: 20, size: 'full', loads: ['/start/due'] },
      { slot: 'shell.start', tag: 'myway-start-stuck', permission: 'progress:read', order: 20, loads: ['/start/stuck'] },
      { slot: 'shell.start', tag: 'myway-start-arrived', permission: 'progress:read', order: 30, loads: ['/start/arrived'] },
      { slot: 'shell.start', tag: 'myway-start-ending', permission: 'progress:read', order: 40, loads: ['/start/ending'] },
      { slot: 'shell.start', tag: 'myway-start-dead', permission: 'path:write', order: 15, loads: ['/dead-activities'] },
      { slot: 'shell.start', tag: 'myway-start-building', permission: 'path:write', order: 50, loads: ['/start/building'] },
      { slot: 'shell.start', tag: 'myway-start-school', permission: 'school-activity:read', order: 30, loads: ['/start/school'] },
    ],
  },
});
