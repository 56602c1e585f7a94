/** What other plugins may use of the agenda (`requires: { agenda: '^0.1.0' }`). */

export interface DayLoad {
  /** `2026-09-01` */
  day: string;
  minutes: number;
  /** Number of tasks. */
  tasks: number;
}

/** `agenda.load` */
export interface Load {
  /**
   * Homework of a class on each of the seven days that begin on a Monday.
   *
   * @throws Problem 404 if the principal may not see the class
   */
  ofWeek(classId: string, monday: string): Promise<DayLoad[]>;
}

export interface AgendaExports {
  load: Load;
}

/** Places on the agenda's pages for elements of other plugins, with what they get as `context`. */
export interface AgendaSlots {
  /** Below the week of a class. */
  week: { classId: string; monday: string };
}
