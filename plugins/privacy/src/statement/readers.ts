/** For whom a statement is written: a child of about eight, a pupil of about fourteen, a parent, and a teacher or another adult. */
export const readers = ['child', 'pupil', 'parent', 'teacher'] as const;
export type Reader = (typeof readers)[number];
