import { redirectTo } from '@ilearn/core';
import type { RefusalReason } from '../protocols/protocol.js';

/** Why somebody is not signed in: reasons of the protocol, and those of the portal. */
export type Failure = RefusalReason | 'ask' | 'taken' | 'stale';

/** The page that says what happened and what to do. It has no data of the person in its address. */
export function failurePage(reason: Failure, more: { school?: string | null; waits?: boolean; provider?: string } = {}) {
  const query = new URLSearchParams({ reden: reason });
  if (more.school != null) query.set('school', more.school);
  if (more.waits === true) query.set('wacht', 'ja');
  if (more.provider !== undefined) query.set('met', more.provider);
  return redirectTo(`/aanmelden/niet-gelukt?${query}`, 303);
}
