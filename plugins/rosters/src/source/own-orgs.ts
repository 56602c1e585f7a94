import { SourceFailed } from './failure.js';
import type { OwnOrgs } from './objects.js';
import { fieldsOf, idOf, referenceOf, textOf } from './values.js';

/** Orgs of one server; more is no list of a school group. */
export const mostOrgs = 5_000;
/** Levels of departments. */
const levels = 20;

/**
 * Finds the school for which the connection is, among the orgs of the other system: the one with the given sourcedId, else the one with the
 * school's number, else the only one if it has no number.
 *
 * @param wanted `numbers`: instellingsnummers by which the school is known, the one that it has first
 * @throws SourceFailed `other-school` if the given or only school has another number, `school-unknown` if it is not clear which one it is
 */
export function findOwnOrgs(objects: readonly unknown[], wanted: { schoolId: string; numbers: readonly string[] }): OwnOrgs {
  const orgs = objects.map(fieldsOf).flatMap((object) => {
    const id = idOf(object['sourcedId']);
    if (id === null || textOf(object['status'])?.toLowerCase() === 'tobedeleted') return [];
    const number = textOf(object['identifier'])?.replace(/\s/g, '') ?? null;
    return [
      { id, name: textOf(object['name']) ?? id, type: textOf(object['type']), number, parent: referenceOf(object['parent']) },
    ];
  });
  const schools = orgs.filter(({ type }) => type === 'school');
  const own = schools.filter(({ number }) => number !== null && number === wanted.numbers[0]);
  const numbered = own.length > 0 ? own : schools.filter(({ number }) => number !== null && wanted.numbers.includes(number));
  // Two schools with its number: the sourcedId must say which.
  const candidates =
    wanted.schoolId !== '' ? schools.filter(({ id }) => id === idOf(wanted.schoolId)) : numbered.length > 0 ? numbered : schools;
  const school = candidates.length === 1 ? candidates[0] : undefined;
  if (school === undefined) throw new SourceFailed('school-unknown');
  if (school.number !== null && /^\d{6}$/.test(school.number) && !wanted.numbers.includes(school.number))
    throw new SourceFailed('other-school');
  const departments = new Map<string, string>();
  for (let level = 0, above = [school.id]; level < levels && above.length > 0; level++) {
    const below = orgs.filter(
      ({ id, type, parent }) => type === 'department' && parent !== null && above.includes(parent) && !departments.has(id),
    );
    for (const { id, name } of below) departments.set(id, name);
    above = below.map(({ id }) => id);
  }
  return { school: school.id, departments: [...departments].map(([id, name]) => ({ id, name })) };
}
