import type { Grain } from './periods.js';

/** What was counted for a school in a period, before any suppression. */
export interface SchoolCount {
  /** Id of the school, and where it is counted. */
  school: string;
  level: string;
  region: string;
  group: string | null;
  /** A part of the measure, such as a tool; empty: the whole. */
  item: string;
  value: number;
  /** Distinct people behind it. */
  people: number;
}

/** `cube.counts`: for plugins that publish in another way than the reports, such as with noise. */
export interface Counts {
  /**
   * The counts of a measure in a published period, by school; at most 200,000.
   *
   * @param startsOn first day of the period
   * @throws Problem 403 unless the system asks: no route can pass them on
   */
  of(measure: string, grain: Grain, startsOn: string): Promise<SchoolCount[]>;
}

export interface CubeExports {
  counts: Counts;
}
