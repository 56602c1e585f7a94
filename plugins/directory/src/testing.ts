/**
 * `@ilearn/plugin-directory/testing`: schools, classes, providers and people for the tests of plugins that require the directory. Rows are created by
 * the directory's services where these exist, and events are published as after an import. The plugin itself does not import this module.
 */
import { randomUUID } from 'node:crypto';
import type { TestPlatform } from '@ilearn/core/testing';
import { ChangesToPublish } from './changes-to-publish.js';
import type { Cradle } from './cradle.js';
import type { ClassSummary, NewPerson, PersonSummary, ProviderSummary, SchoolSummary } from './exports.js';
import { currentYears } from './school-years.js';

/** A portal of `createTestPlatform` with the directory among its plugins. */
type Portal = Pick<TestPlatform, 'work'>;

/** A class created by {@link schoolClass}. */
export type TestClass = Omit<ClassSummary, 'pupils'>;

/** Where a person learns or works: a class with its school, or only a school. */
export type Place = Pick<SchoolSummary, 'id'> | Pick<TestClass, 'id' | 'school'>;

/** Names and e-mail address. Omitted ones get default values. */
export type PersonWish = Partial<Pick<NewPerson, 'givenName' | 'familyName' | 'email'>>;

let lastNumber = 100_000;

/**
 * Adds a school with the current school year.
 *
 * @param wish without `instellingsnummer`, the school gets a free one
 * @throws the database's error if another school has that number or it does not have six digits
 */
export function school(portal: Portal, wish: Partial<Omit<SchoolSummary, 'id'>> = {}): Promise<SchoolSummary> {
  return portal.work('directory', async ({ knex, clock, tenants }: Cradle) => {
    const { name = 'De Wissel', instellingsnummer: wished } = wish;
    let added: SchoolSummary | undefined;
    while (added === undefined) {
      const row = { id: randomUUID(), name, instellingsnummer: wished ?? String(++lastNumber) };
      const insert = knex('schools').insert(row).returning(['id', 'instellingsnummer', 'name']);
      [added] = await (wished === undefined ? insert.onConflict('instellingsnummer').ignore() : insert);
    }
    await tenants.register([{ id: added.id, kind: 'school' }]);
    await knex('school_years').insert({ id: randomUUID(), school_id: added.id, ...schoolYearOf(clock.now()) });
    return added;
  });
}

/**
 * Adds a class of the current school year.
 *
 * @param wish `teachers` and `pupils` of that school, who were added earlier
 * @throws Error if the school does not exist or has no school year
 */
export function schoolClass(
  portal: Portal,
  { id: school }: Pick<SchoolSummary, 'id'>,
  wish: { name?: string; teachers?: readonly { id: string }[]; pupils?: readonly { id: string }[] } = {},
): Promise<TestClass> {
  return portal.work('directory', async ({ knex, events }: Cradle) => {
    const { name = '3A', teachers = [], pupils = [] } = wish;
    const year = await currentYears(knex).where({ school_id: school }).first();
    if (year === undefined) throw new Error(`There is no school with the id ${school} and a school year. Add it with school().`);
    const added: TestClass = { id: randomUUID(), school, name, schoolYear: year.name, kind: 'class' };
    await knex('classes').insert({ id: added.id, school_id: school, kind: 'class', name, school_year: year.name });
    const changes = new ChangesToPublish();
    changes.class('added', school, added.id);
    await enrol({ knex, changes }, [
      ...teachers.map(({ id }) => ({ place: added, person: id, role: 'teacher' as const })),
      ...pupils.map(({ id }) => ({ place: added, person: id, role: 'pupil' as const })),
    ]);
    await changes.publish(events);
    return added;
  });
}

/** Adds a teacher of a school, or of one or more classes. Sign in with `portal.signIn(id)`. */
export const teacher = (portal: Portal, place: Place | readonly Place[], wish: PersonWish = {}): Promise<PersonSummary> =>
  add(portal, 'teacher', place, { givenName: 'An', familyName: 'Maes', ...wish });

/** Adds a pupil of a school, or of one or more classes. The directory does not store e-mail addresses of pupils. */
export const pupil = (portal: Portal, place: Place | readonly Place[], wish: PersonWish = {}): Promise<PersonSummary> =>
  add(portal, 'pupil', place, { givenName: 'Lotte', familyName: 'Peeters', ...wish });

/** Adds a training provider, or a tool provider: `provider(portal, { kind: 'tool-provider' })`. */
export function provider(portal: Portal, wish: Partial<Omit<ProviderSummary, 'id'>> = {}): Promise<ProviderSummary> {
  return portal.work('directory', async ({ providers }: Cradle) => {
    const { kind = 'training-provider', name = 'Nascholing Noord' } = wish;
    const id = await providers.create({ kind, name, email: null });
    return { id, kind, name };
  });
}

/**
 * Adds a person to a provider, without inviting them. Sign in with `portal.signIn(id)`.
 *
 * @param wish `roles` of that kind of provider; by default `trainer`, or `tool-manager`
 * @throws Problem 409 (`role-kind`) for a role of another kind of provider
 */
export function providerPerson(
  portal: Portal,
  { id, kind }: Pick<ProviderSummary, 'id' | 'kind'>,
  wish: PersonWish & { roles?: readonly string[] } = {},
): Promise<PersonSummary> {
  const { roles = [kind === 'training-provider' ? 'trainer' : 'tool-manager'], ...names } = wish;
  return portal.work('directory', async ({ people }: Cradle) => {
    const grants = roles.map((role) => ({ tenant: id, role }));
    const person = await people.create({ givenName: 'Lut', familyName: 'Claes', ...names, kind: 'staff', roles: grants });
    return (await people.get(person)) as PersonSummary;
  });
}

function add(
  portal: Portal,
  role: 'teacher' | 'pupil',
  place: Place | readonly Place[],
  names: Pick<NewPerson, 'givenName' | 'familyName' | 'email'>,
): Promise<PersonSummary> {
  return portal.work('directory', async ({ knex, events, people }: Cradle) => {
    const places = [place].flat() as readonly Place[];
    const schools = [...new Set(places.map((each) => ('school' in each ? each.school : each.id)))];
    const kind = role === 'pupil' ? 'pupil' : 'staff';
    const id = await people.create({ ...names, kind, roles: schools.map((tenant) => ({ tenant, role })) });
    const classes = places.filter((each) => 'school' in each);
    const changes = new ChangesToPublish();
    await enrol(
      { knex, changes },
      classes.map((each) => ({ place: each, person: id, role })),
    );
    await changes.publish(events);
    return (await people.get(id)) as PersonSummary;
  });
}

async function enrol(
  { knex, changes }: Pick<Cradle, 'knex'> & { changes: ChangesToPublish },
  enrolments: readonly { place: Pick<TestClass, 'id' | 'school'>; person: string; role: 'teacher' | 'pupil' }[],
): Promise<void> {
  if (enrolments.length === 0) return;
  await knex('enrolments').insert(
    enrolments.map(({ place, person, role }) => ({ school_id: place.school, class_id: place.id, person_id: person, role })),
  );
  for (const { place, person, role } of enrolments) {
    changes.enrolment('added', place.school, { classId: place.id, personId: person, role });
  }
}

/** In Flanders a school year begins on 1 September. */
function schoolYearOf(date: Date): { name: string; starts_on: string; ends_on: string } {
  const begin = date.getUTCMonth() >= 8 ? date.getUTCFullYear() : date.getUTCFullYear() - 1;
  return { name: `${begin}-${begin + 1}`, starts_on: `${begin}-09-01`, ends_on: `${begin + 1}-08-31` };
}
