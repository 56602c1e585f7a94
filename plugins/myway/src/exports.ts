/** What other plugins may use of MyWay (`requires: { myway: '^0.1.0' }`). */

/** `myway.paths` */
export interface PathCatalogue {
  /** Creates a path of library activities in their order, owned by `ownerId`. Returns its id. */
  create(path: { school: string; ownerId: string; title: string; description: string; activityIds: string[] }): Promise<string>;
  /** Assigns a path to a class. Returns the assignment's id. */
  assignToClass(assignment: { pathId: string; classId: string; byPersonId: string; dueOn?: string | null }): Promise<string>;
}

export interface MyWayExports {
  paths: PathCatalogue;
}
