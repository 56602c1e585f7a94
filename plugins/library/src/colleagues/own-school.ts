import { forbidden } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';

/**
 * The school for which a person acts: the given one, or the first of theirs.
 *
 * @throws 403 for somebody without a school, and for a school that is not theirs
 */
export async function ownSchool(
  { principal, directory }: Pick<Dependencies, 'principal' | 'directory'>,
  given?: string,
): Promise<string> {
  const { tenants } = principal;
  const schools = tenants === '*' ? [] : (await directory.schools.list()).filter(({ id }) => tenants.includes(id));
  const school = given === undefined ? schools[0] : schools.find(({ id }) => id === given);
  if (school === undefined) throw forbidden('Only people of a school may do this for it.');
  return school.id;
}
