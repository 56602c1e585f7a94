import { forbidden } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import type { Party } from './processing.js';

/**
 * Whose register is asked for: a school's, or without one the operator's.
 *
 * @throws Problem 403 if the principal does not act for that school, or asks for the operator's register without acting for the whole portal
 */
export function partyOf({ school }: { school?: string | undefined }, { principal }: Pick<Cradle, 'principal'>): Party {
  const { tenants } = principal;
  if (tenants !== '*' && (school === undefined || !tenants.includes(school))) throw forbidden();
  return school === undefined ? { kind: 'operator' } : { kind: 'school', id: school };
}
