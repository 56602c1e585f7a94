/**
 * Where a page of a list ends: the values by which the list is sorted, in the row that comes last, and its id. Read timestamps as text
 * (`updated_at::text`), because a `Date` loses the microseconds.
 */
export type Position = readonly (string | number | boolean | null)[];
