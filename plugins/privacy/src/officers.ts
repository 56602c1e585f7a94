import { systemPrincipal } from '@ilearn/core';
import type { Dependencies } from './dependencies.js';

/** Most people who are told about the same thing. */
const most = 100;

/**
 * Ids of those who answer for personal data: the principals of a school, or the operator's administrators.
 *
 * @param school null: the operator
 */
export const officersOf = ({ actAs }: Pick<Dependencies, 'actAs'>, school: string | null): Promise<string[]> =>
  actAs(systemPrincipal(), ({ access }: Dependencies) =>
    access.holdersOf(school === null ? 'portal-administrator' : 'principal', school, most),
  );
