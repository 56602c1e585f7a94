import { systemPrincipal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';

/**
 * Those of these people whose session in the school would have the role of a pupil and no other. The pictures of a badge protect nothing
 * more than that, whatever somebody is in a class.
 */
export async function onlyPupils(
  actAs: Dependencies['actAs'],
  school: string,
  personIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const all = await actAs(systemPrincipal(), ({ access }: Dependencies) => access.rolesOfMany(personIds));
  const only = all.filter(({ roles }) => {
    const here = roles.filter(({ tenant }) => tenant === null || tenant === school);
    return here.length > 0 && here.every(({ role }) => role === 'pupil');
  });
  return new Set(only.map(({ personId }) => personId));
}
