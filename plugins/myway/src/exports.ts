/** What other plugins may use of MyWay (`requires: { myway: '^0.1.0' }`). */

/** `myway.paths` */
export interface PathCatalogue {
  /** Creates a path of library activities in the given order, owned by `ownerId`. Returns its id. */
  create(path: { school: string; ownerId: string; title: string; description: string; activityIds: string[] }): Promise<string>;
  /** Assigns a path to a class. Returns the assignment's id. */
  assignToClass(assignment: { pathId: string; classId: string; byPersonId: string; dueOn?: string | null }): Promise<string>;
}

export interface MyWayExports {
  paths: PathCatalogue;
}

/** The `context` of other plugins' elements in the slots of the pupil's pages. */
export interface MyWaySlots {
  /** Below the lists of paths on `/mijn-paden`. */
  'my-paths': { paths: PathSlotContext[] };
  /** Below the line of stations on `/mijn-paden/:assignmentId`. */
  path: PathSlotContext;
  /** Below the text or link of a step, on `/mijn-paden/:assignmentId/stap/:stepId`. Tools open directly from a path, without this page. */
  step: StepSlotContext;
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
}

/** One step of the signed-in pupil's path. */
export interface StepSlotContext {
  assignmentId: string;
  stepId: string;
  title: string;
  /** Kind of the activity; null if it no longer exists. */
  kind: 'lti' | 'link' | 'text' | null;
  state: 'todo' | 'started' | 'done';
}
