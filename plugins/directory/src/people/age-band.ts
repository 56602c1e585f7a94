import type { AgeBand } from '@ilearn/core';

/** The age band of a school year: 1 is the first year of primary school, whose pupils become six or seven. */
export function bandOf(grade: number | null): AgeBand | null {
  if (grade === null) return null;
  if (grade <= 4) return '6-9';
  return grade <= 8 ? '10-13' : '14+';
}
