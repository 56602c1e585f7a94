import { unacceptable } from '../problems.js';

export interface AssignmentChange {
  beginsOn?: string | null | undefined;
  dueOn?: string | null | undefined;
  ended?: boolean | undefined;
}

/** @throws 422 if the first day is after the last */
export function checkDays(beginsOn: string | null, dueOn: string | null): void {
  if (beginsOn !== null && dueOn !== null && beginsOn > dueOn)
    throw unacceptable('begins-after-due', '/beginsOn', 'The first day must not be after the day on which it is due.');
}
