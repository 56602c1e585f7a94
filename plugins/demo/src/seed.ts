import { fileURLToPath } from 'node:url';
import type { PreparedPassword } from '@ilearn/plugin-login';
import { administrator, type DemoAccount, demoAccounts, schools } from './accounts.js';
import type { Cradle } from './cradle.js';
import { composePath } from './learning-path.js';

const curriculum = fileURLToPath(new URL('../data/curriculum/primary-school.ttl', import.meta.url));
const roster = fileURLToPath(new URL('../data/oneroster/', import.meta.url));

/** Whether the portal has no schools yet. */
export const isEmpty = async ({ directory }: Cradle): Promise<boolean> => (await directory.schools.list()).length === 0;

/**
 * Fills an empty portal with the demonstration schools. Does not change concept schemes that were imported earlier. Returns false if the
 * portal already has schools.
 */
export async function seed(services: Cradle, password: PreparedPassword): Promise<boolean> {
  const { directory, login, library } = services;
  if (!(await isEmpty(services))) return false;
  await library.curriculum.importFrom([curriculum], { onlyNew: true });
  await directory.oneroster.importFrom(roster);

  for (const account of demoAccounts) {
    await login.accounts.set({ personId: await personOf(services, account), username: account.username, password });
  }
  const { username, givenName, familyName } = administrator;
  const administratorId = await directory.people.create({
    givenName,
    familyName,
    kind: 'staff',
    roles: [{ tenant: null, role: 'portal-administrator' }],
  });
  await login.accounts.set({ personId: administratorId, username, password });

  const school = await schoolId(services, 'wegwijzer');
  const [teacher] = demoAccounts as [DemoAccount];
  await composePath(services, { school, teacher: await personOf(services, teacher), className: '3A' });
  return true;
}

/** Whether the portal has the demonstration schools. */
export async function isSeeded({ directory }: Cradle): Promise<boolean> {
  const known = (await directory.schools.list()).map(({ instellingsnummer }) => instellingsnummer);
  return Object.values(schools).every((number) => known.includes(number));
}

async function schoolId({ directory }: Cradle, key: keyof typeof schools): Promise<string> {
  const school = (await directory.schools.list()).find(({ instellingsnummer }) => instellingsnummer === schools[key]);
  if (school === undefined) throw new Error(`the demonstration files have no school ${schools[key]}`);
  return school.id;
}

async function personOf(services: Cradle, { school, sourcedId }: DemoAccount): Promise<string> {
  const person = await services.directory.people.bySourcedId(await schoolId(services, school), sourcedId);
  if (person === null) throw new Error(`the demonstration files have no ${sourcedId} in school ${schools[school]}`);
  return person;
}
