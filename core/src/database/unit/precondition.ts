import type { Lead } from './pipeline.js';

/** A query sent ahead of a unit's first statement. If its answer is refused, the whole unit fails. */
export interface Precondition {
  name: string;
  /** A scalar subquery of type text; `$1` is the value. */
  question: string;
  value: string;
  /** null if the answer is acceptable. */
  judge(answer: string | null): Error | null;
}

/** The precondition as a separate statement. */
export const leadOf = ({ name, question, value, judge }: Precondition): Lead => ({
  name: `ilearn_ask_${name}`,
  text: `select ${question}`,
  values: [value],
  judge: (row) => judge(row?.[0] ?? null),
});
