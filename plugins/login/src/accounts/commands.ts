import { createInterface } from 'node:readline';
import { type Command, CommandError, commandFor, Problem } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { generatePassword } from './generate.js';
import { preparePassword } from './password-hash.js';
import { normaliseUsername } from './username.js';

const command = commandFor<Cradle>();

const rolesInSchool = ['pupil', 'teacher', 'ict-coordinator', 'principal'];
const roleInGroup = 'group-helper';
const rolesInPortal = ['portal-administrator', 'helpdesk-agent', 'data-steward'];
const roles = [...rolesInSchool, roleInGroup, ...rolesInPortal];

const passwordOption = {
  'password-stdin': {
    type: 'boolean',
    help: 'read the password from the first line of standard input; otherwise one is generated and printed',
  },
} as const;

const createUser = command({
  name: 'user create',
  summary: 'Create a person with an account',
  usage: '<username>',
  options: {
    'given-name': { type: 'string', help: 'given name' },
    'family-name': { type: 'string', help: 'family name' },
    role: { type: 'string', help: roles.join(', ') },
    school: { type: 'string', help: `instellingsnummer, six digits; for ${rolesInSchool.join(', ')}` },
    group: { type: 'string', help: `name of a school group; for ${roleInGroup}` },
    email: { type: 'string', help: 'e-mail address' },
    ...passwordOption,
  },
  async run({ args, options, work, print }) {
    const username = onlyUsername(args, 'user create');
    const givenName = needed(options, 'given-name');
    const familyName = needed(options, 'family-name');
    const role = needed(options, 'role');
    if (!roles.includes(role)) throw new CommandError(`There is no role "${role}". Choose from: ${roles.join(', ')}.`);
    const number = options.school as string | undefined;
    const inSchool = rolesInSchool.includes(role);
    if (!inSchool && number !== undefined) {
      throw new CommandError(`A ${role} belongs to no school: leave --school out.`);
    }
    if (inSchool && number === undefined) {
      throw new CommandError(`A ${role} belongs to a school: add --school with its instellingsnummer.`);
    }
    const group = role === roleInGroup ? needed(options, 'group') : undefined;
    const email = options.email as string | undefined;
    if (email !== undefined && !z.email().safeParse(email).success)
      throw new CommandError(`"${email}" is not an e-mail address.`);
    const { password, generated } = await passwordFor(options);
    const prepared = await preparePassword(password);

    await explained(() =>
      work(async ({ directory, accounts }) => {
        const tenants =
          group !== undefined
            ? await schoolsOfGroup(directory, group)
            : [number === undefined ? null : await schoolByNumber(directory, number)];
        const personId = await directory.people.create({
          givenName,
          familyName,
          kind: role === 'pupil' ? 'pupil' : 'staff',
          roles: tenants.map((tenant) => ({ tenant, role })),
          ...(email === undefined ? {} : { email }),
        });
        await accounts.set({ personId, username, password: prepared });
      }),
    );
    print(`${givenName} ${familyName} can sign in as ${username}.`);
    if (generated) print(`Password, shown only now: ${password}`);
  },
});

const setPassword = command({
  name: 'user password',
  summary: 'Give an account another password; its sessions end',
  usage: '<username>',
  options: passwordOption,
  async run({ args, options, work, print }) {
    const username = onlyUsername(args, 'user password');
    const { password, generated } = await passwordFor(options);
    const prepared = await preparePassword(password);
    await explained(() =>
      work(async ({ accounts }) => {
        const account = await accounts.byUsername(normaliseUsername(username));
        if (account === null) throw new CommandError(`There is no account "${username}".`);
        await accounts.set({ personId: account.person_id, username, password: prepared, expiresAt: account.expires_at });
      }),
    );
    print(`The password of ${username} is changed; sessions that were open have ended.`);
    if (generated) print(`Password, shown only now: ${password}`);
  },
});

const setGroup = command({
  name: 'user group',
  summary: 'Let a group helper help all schools that a school group has now, and no others',
  usage: '<username>',
  options: { group: { type: 'string', help: 'name of the school group' } },
  async run({ args, options, work, print }) {
    const username = onlyUsername(args, 'user group');
    const group = needed(options, 'group');
    const count = await explained(() =>
      work(async ({ accounts, directory }) => {
        const account = await accounts.byUsername(normaliseUsername(username));
        if (account === null) throw new CommandError(`There is no account "${username}".`);
        const schools = await schoolsOfGroup(directory, group);
        await directory.people.holdIn(account.person_id, roleInGroup, schools);
        return schools.length;
      }),
    );
    print(`${username} helps ${count} schools of ${group}.`);
  },
});

const resetFactors = command({
  name: 'user reset-factors',
  summary: 'Remove the second factors of somebody who lost them; their sessions end',
  usage: '<username>',
  async run({ args, work, audit, print }) {
    const username = onlyUsername(args, 'user reset-factors');
    const personId = await explained(() =>
      work(async ({ accounts, factors }) => {
        const account = await accounts.byUsername(normaliseUsername(username));
        if (account === null) throw new CommandError(`There is no account "${username}".`);
        if (!(await factors.reset(account.person_id))) throw new CommandError(`${username} has no second factor.`);
        return account.person_id;
      }),
    );
    await audit(personId);
    print(`The second factors of ${username} are removed; sessions that were open have ended.`);
  },
});

export const commands: Command[] = [createUser, setPassword, setGroup, resetFactors];

type Options = Record<string, string | boolean | undefined>;

function onlyUsername(args: string[], name: string): string {
  const [username] = args;
  if (username === undefined || args.length > 1) throw new CommandError(`Give one username: ilearn ${name} <username>.`);
  return username;
}

function needed(options: Options, name: string): string {
  const value = options[name];
  if (typeof value !== 'string' || value.trim() === '') throw new CommandError(`Add --${name}.`);
  return value.trim();
}

async function passwordFor(options: Options): Promise<{ password: string; generated: boolean }> {
  if (options['password-stdin'] !== true) return { password: generatePassword(), generated: true };
  for await (const line of createInterface({ input: process.stdin })) {
    if (line !== '') return { password: line, generated: false };
    break;
  }
  throw new CommandError('--password-stdin: standard input has no password on its first line.');
}

async function schoolByNumber(directory: Cradle['directory'], number: string): Promise<string> {
  const school = await directory.schools.byInstellingsnummer(number);
  if (school !== null) return school.id;
  const known = (await directory.schools.list())
    .slice(0, 10)
    .map(({ instellingsnummer, name }) => `  ${instellingsnummer}  ${name}`);
  const hint =
    known.length === 0 ? 'There are no schools yet: see ilearn import oneroster.' : `Known schools:\n${known.join('\n')}`;
  throw new CommandError(`There is no school with instellingsnummer ${number}. ${hint}`);
}

async function schoolsOfGroup(directory: Cradle['directory'], name: string): Promise<string[]> {
  const named = (await directory.schools.groups()).filter((group) => group.name === name);
  if (named.length > 1) throw new CommandError(`Several school groups are called "${name}": give them different names first.`);
  const found = named[0] === undefined ? [] : await directory.schools.ofGroup(named[0].id);
  if (found.length > 0) return found;
  const known = (await directory.schools.groups()).slice(0, 10).map((group) => `  ${group.name}`);
  const hint =
    known.length === 0 ? 'There are no school groups yet: see ilearn import oneroster.' : `Known groups:\n${known.join('\n')}`;
  throw new CommandError(`There is no school group "${name}" with schools. ${hint}`);
}

/** Turns a Problem of the service into a CommandError for the operator. */
async function explained<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof Problem) throw new CommandError(error.detail ?? error.title);
    throw error;
  }
}
