import type { CheckedPlugin } from './plugin.js';

/** What decides whether data of a purpose may be used: that nobody in the row objected, or that everybody in it consented. */
export type Choice = 'objection' | 'consent';

/** The purposes of these plugins that depend on what people decide. */
export function choicesOf(_plugins: readonly Pick<CheckedPlugin, 'definition'>[]): ReadonlyMap<string, Choice> {
  return new Map();
}
