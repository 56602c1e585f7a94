import { fileURLToPath } from 'node:url';
import type { PreparedPassword } from '@ilearn/plugin-login';
import {
  administrator,
  type CreatedAccount,
  type DemoAccount,
  demoAccounts,
  providerAccounts,
  providerPeople,
  providers,
  type SchoolKey,
  schools,
} from './accounts.js';
import { makePaths } from './content/make-paths.js';
import type { Cradle } from './cradle.js';
import { doorKeys } from './doors/door-keys.js';
import { accountOf } from './doors/doors.js';
import { withRoster } from './roster.js';

const curriculum = ['primary-school', 'connectors'].map((name) =>
  fileURLToPath(new URL(`../data/curriculum/${name}.ttl`, import.meta.url)),
);

/** Ids of what the demonstration made. */
export interface Made {
  schools: Record<SchoolKey, string>;
  /** By username. */
  people: ReadonlyMap<string, string>;
}

/** Whether the portal has no schools yet. */
export const isEmpty = async ({ directory }: Cradle): Promise<boolean> => (await directory.schools.list()).length === 0;

/**
 * Fills an empty portal with the demonstration: people and accounts at once, the rest by the job `fill`. Does not change concept schemes
 * that were imported earlier. Returns false if the portal already has schools.
 */
export async function seed(services: Cradle, password: PreparedPassword): Promise<boolean> {
  const { calendar, config, directory, events, jobs, library, login } = services;
  if (!(await isEmpty(services))) return false;
  const day = await calendar.today();
  await library.curriculum.importFrom(curriculum, { onlyNew: true });
  await withRoster(day, (folder) => directory.oneroster.importFrom(folder));
  const created = await createPeople(services);
  const made = await madeWith(services, created);
  for (const [username, personId] of made.people) await login.accounts.set({ personId, username, password });
  if (config.results) {
    await jobs.enqueue('fill', { created });
    return true;
  }
  await assignOnePath(services, made);
  await openDoors(services, made);
  await events.publish('made', { day, schools: made.schools, people: Object.fromEntries(made.people), results: false });
  return true;
}

/** Adds the people who are not in the files, with the providers. Returns the ids of {@link createdAccounts}. */
async function createPeople({ directory }: Cradle): Promise<string[]> {
  const tenants = new Map<string, string>();
  for (const provider of providers) tenants.set(provider.name, await directory.providers.create(provider));
  const create = ({ givenName, familyName, provider, holds }: Omit<CreatedAccount, 'username' | 'role'>) => {
    const tenant = provider === undefined ? null : (tenants.get(provider) as string);
    return directory.people.create({ givenName, familyName, kind: 'staff', roles: [{ tenant, role: holds }] });
  };
  const ids: string[] = [];
  for (const account of createdAccounts) ids.push(await create(account));
  for (const person of providerPeople) await create(person);
  return ids;
}

const createdAccounts = [administrator, ...providerAccounts];

/** What {@link seed} made. `created`: ids of the people with an account who are not in the files. */
export async function madeWith(services: Cradle, created: readonly string[]): Promise<Made> {
  const schoolIds = await idsOfSchools(services);
  const people = new Map<string, string>();
  for (const account of demoAccounts) people.set(account.username, await personOf(services, schoolIds, account));
  for (const [index, { username }] of createdAccounts.entries()) people.set(username, created[index] as string);
  return { schools: schoolIds, people };
}

export const openDoors = ({ doors }: Cradle, { people }: Made): Promise<void> =>
  doors.make(new Map(doorKeys.map((key) => [key, people.get(accountOf[key]) as string])));

async function assignOnePath(services: Cradle, { schools: { wegwijzer }, people }: Made): Promise<void> {
  const { directory, myway } = services;
  const ownerId = people.get('lien.peeters') as string;
  const [path] = await makePaths(services, [{ key: 'tafels', school: wegwijzer, ownerId }]);
  const own = (await directory.classes.ofPerson(ownerId)).find(({ name }) => name === '3A');
  if (path === undefined || own === undefined) throw new Error('the demonstration files have no teacher or path for 3A');
  await myway.paths.assignToClass({ pathId: path.id, classId: own.id, byPersonId: ownerId });
}

/** Whether the portal has the demonstration schools. */
export async function isSeeded({ directory }: Cradle): Promise<boolean> {
  const known = (await directory.schools.list()).map(({ instellingsnummer }) => instellingsnummer);
  return Object.values(schools).every((number) => known.includes(number));
}

async function idsOfSchools({ directory }: Cradle): Promise<Record<SchoolKey, string>> {
  const list = await directory.schools.list();
  const idOf = (key: SchoolKey): string => {
    const school = list.find(({ instellingsnummer }) => instellingsnummer === schools[key]);
    if (school === undefined) throw new Error(`the demonstration files have no school ${schools[key]}`);
    return school.id;
  };
  return { wegwijzer: idOf('wegwijzer'), terLinden: idOf('terLinden') };
}

async function personOf(services: Cradle, ids: Made['schools'], { school, sourcedId }: DemoAccount): Promise<string> {
  const person = await services.directory.people.bySourcedId(ids[school], sourcedId);
  if (person === null) throw new Error(`the demonstration files have no ${sourcedId} in school ${schools[school]}`);
  return person;
}
