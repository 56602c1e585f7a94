import type { Problem } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import { type RecordedLine, recorderOf } from './recorder.js';

export type TracedLine = Omit<RecordedLine, 'at' | 'requestCode'>;

/** Adds a line to the trace; it is stored shortly after, also if the current unit of work is rolled back. */
export function record(
  { services: { http, clock }, request }: { services: Pick<Dependencies, 'http' | 'clock'>; request: { id: string } },
  line: TracedLine,
): void {
  recorderOf(http).add({ ...line, at: clock.now(), requestCode: request.id });
}

/** The code of a problem as an outcome: `lti/score-outdated` is `score-outdated`. */
export const outcomeOf = ({ type }: Problem): string => type.replace(/^lti\//, '');
