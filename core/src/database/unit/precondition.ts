import type { Lead } from './pipeline.js';

/** A question to the database ahead of a unit's first statement: its answer decides whether anything of the unit counts. */
export interface Precondition {
  name: string;
  /** A scalar subquery for a text; `$1` is the value. */
  question: string;
  value: string;
  /** null: the answer is as it must be. */
  judge(answer: string | null): Error | null;
}

/** Asks it by itself, where nothing else goes into the same statement. */
export const leadOf = ({ name, question, value, judge }: Precondition): Lead => ({
  name: `ilearn_ask_${name}`,
  text: `select ${question}`,
  values: [value],
  judge: (row) => judge(row?.[0] ?? null),
});
