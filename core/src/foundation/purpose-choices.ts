import type { PurposeChange } from '../contract/purpose.js';
import type { CheckedPlugin } from './plugin.js';
import { mayObject, purposesOf } from './purposes.js';

/** What decides whether data of a purpose may be used: that nobody in the row objected, or that everybody in it consented. */
export type Choice = 'objection' | 'consent';

/**
 * The purposes that depend on what people decide. An objection holds at once only against legitimate interests: about tasks in the public
 * interest the controller decides first (GDPR art. 21(1)).
 */
export function choicesOf(
  plugins: readonly Pick<CheckedPlugin, 'id' | 'definition'>[],
  changes: Readonly<Record<string, PurposeChange>> = {},
): ReadonlyMap<string, Choice> {
  const choices = new Map<string, Choice>();
  for (const [id, purpose] of purposesOf(plugins, changes)) {
    if (purpose.basis === 'consent') choices.set(id, 'consent');
    else if (purpose.basis === 'legitimate-interests' && mayObject(purpose)) choices.set(id, 'objection');
  }
  return choices;
}
