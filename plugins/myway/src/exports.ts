/** What other plugins may use of MyWay (`requires: { myway: '^0.1.0' }`). */

/** A step of a new path. */
export interface PathStep {
  activityId: string;
  /** Shown instead of the title of the activity. */
  title?: string | null;
  /** What the teacher says to the pupil about this step. */
  note?: string;
  /** False: pupils may skip it. Default true. */
  required?: boolean;
}

export interface PathToCreate {
  school: string;
  ownerId: string;
  title: string;
  description: string;
  /** `in-order` (default): a step opens when the required ones before it are done; `free`: in any order. */
  sequence?: 'in-order' | 'free';
  /** Ids of library activities, or steps, in the order of the path. */
  activityIds: readonly (string | PathStep)[];
}

/** `myway.paths` */
export interface PathCatalogue {
  /** Creates a path, owned by `ownerId`. Returns its id. */
  create(path: PathToCreate): Promise<string>;
  /**
   * Sources of the activities in paths that were given in these schools in the last year, as in the view `library.activity_states`:
   * `tool:<key>` for those of a tool. Of the caller's own schools only; at most 500.
   */
  sourcesGiven(schools: readonly string[]): Promise<string[]>;
  /** Assigns a path to a class. Returns the assignment's id. */
  assignToClass(assignment: { pathId: string; classId: string; byPersonId: string; dueOn?: string | null }): Promise<string>;
}

/** What a pupil did at one step of a {@link PastAssignment}. */
export interface PastResult {
  /** The step's position in the path, from 0. */
  step: number;
  pupilId: string;
  startedAt: Date;
  /** Null: started, but not done. */
  doneAt: Date | null;
  doneBy: 'pupil' | 'tool' | 'teacher' | null;
  /** Graded attempts in the order of time, with scores as a tool sent them. */
  attempts: readonly { given: number; maximum: number; at: Date }[];
}

/** An assignment to a whole class, with its results so far. */
export interface PastAssignment {
  /** A shared path, or a path of `byPersonId` in the school of the class. */
  pathId: string;
  classId: string;
  /** A teacher of the class. */
  byPersonId: string;
  givenAt: Date;
  /** Calendar day, as `2026-12-24`. */
  dueOn: string | null;
  /** Null: the pupils are still working on it. */
  endedAt: Date | null;
  results: readonly PastResult[];
}

/** `myway.history` */
export interface History {
  /**
   * Stores assignments that began in the past, with their results: those of the portal that a school used before, or of a demonstration.
   * Publishes no events and notifies nobody. All or nothing. Requires the system principal. Returns the ids of the assignments.
   *
   * @throws Problem 422 `myway/invalid-history`, which names the place (`/3/results/0/pupilId`)
   */
  add(assignments: readonly PastAssignment[]): Promise<string[]>;
}

/** A path that is meant for colleagues. */
export interface StaffPath {
  id: string;
  title: string;
  /** BCP 47. */
  language: string;
}

/**
 * `myway.staffPaths`: paths that colleagues follow for themselves, such as a part of a training. When one is finished, the event
 * `myway.path-finished` says so, with the `pathId`, and the person as `pupilId`.
 */
export interface StaffPaths {
  /** Those that the caller may see, by title; at most 500. */
  list(limit: number): Promise<StaffPath[]>;
  get(id: string): Promise<StaffPath | null>;
  /**
   * Lets somebody follow a path. Doing so again gives the same, with the progress that is kept. People do so for themselves; the system does
   * so for anybody.
   *
   * @returns `address`: the page on which they follow it; `finished`: whether they have done all of it
   * @throws 404 if the caller may not see the path or it is not for colleagues; 409 if it has no step that can be done
   */
  start(personId: string, pathId: string, school: string): Promise<{ assignmentId: string; address: string; finished: boolean }>;
  /** The pages of those of these paths that the person has begun, by id of the path. */
  addressesOf(personId: string, pathIds: readonly string[]): Promise<Map<string, string>>;
}

export interface MyWayExports {
  paths: PathCatalogue;
  staffPaths: StaffPaths;
  history: History;
}

/** The `context` of other plugins' elements in the slots of the pupil's pages. */
export interface MyWaySlots {
  /** Below the lists of paths on `/mijn-paden`. */
  'my-paths': { paths: PathSlotContext[] };
  /** Below the line of stations on `/mijn-paden/:assignmentId`. */
  path: PathSlotContext;
  /** Below the head of a path, after a tool said that it failed. */
  'launch-failed': { code: string };
  /** Below the text or link of a step, on `/mijn-paden/:assignmentId/stap/:stepId`. Tools open directly from a path, without this page. */
  step: StepSlotContext;
  /** Above the steps of a path that a teacher looks at or builds, on `/paden/:id`. */
  'teacher-path': { pathId: string; activityIds: string[] };
}

/** One path of the signed-in pupil. */
export interface PathSlotContext {
  assignmentId: string;
  title: string;
  /** Due date, as `2026-12-24`. */
  dueOn: string | null;
  /** Number of steps that count, and how many of them are done. */
  total: number;
  done: number;
  complete: boolean;
  /** Activities of its steps. */
  activityIds: string[];
}

/** One step of the signed-in pupil's path. */
export interface StepSlotContext {
  assignmentId: string;
  stepId: string;
  title: string;
  /** Kind of the step; null if its activity no longer exists. */
  kind: 'lti' | 'link' | 'text' | 'task' | 'moment' | 'quiz' | null;
  state: 'todo' | 'started' | 'done';
  /** Null for a step that is no activity. */
  activityId: string | null;
}
