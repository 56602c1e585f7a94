import { randomUUID } from 'node:crypto';
import login from '@ilearn/plugin-login';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LoginPlatform, startLogin } from './platform.js';

let platform: LoginPlatform;
beforeAll(async () => {
  platform = await startLogin();
});
afterAll(() => platform?.stop());

/** Runs a command as the `ilearn` program does, and returns what it printed. */
async function run(name: string, args: string[], options: Record<string, string | boolean> = {}): Promise<string> {
  const command = login.commands?.find((one) => one.name === name);
  if (command === undefined) throw new Error(`no command ${name}`);
  const lines: string[] = [];
  const silent = { start() {}, advance() {}, stop() {} };
  await command.run({
    args,
    options,
    work: (fn) => platform.work('login', fn),
    progress: silent,
    print: (line) => void lines.push(line),
  });
  return lines.join('\n');
}

const teacher = { 'given-name': 'An', 'family-name': 'Maes', role: 'teacher', school: '123456' };
const printed = (text: string): string => /: (\S+)$/.exec(text)?.[1] as string;

describe('ilearn user create', () => {
  test('creates a teacher who signs in with the printed password', async () => {
    const output = await run('user create', ['an.maes'], { ...teacher, email: 'an.maes@school.example' });
    const client = platform.client();
    expect((await platform.attempt('an.maes', printed(output), client)).body).toEqual({ displayName: 'An Maes' });
    expect((await client.get('/api/kernel/session')).body.session.roles).toEqual([
      { tenant: platform.schools[0].id, role: 'teacher' },
    ]);
  });

  test.each(['portal-administrator', 'helpdesk-agent'])('creates a %s, who needs no school', async (role) => {
    const output = await run('user create', [role], { ...teacher, role, school: undefined as never });
    const client = platform.client();
    await platform.attempt(role, printed(output), client);
    expect((await client.get('/api/kernel/session')).body.session.roles).toEqual([{ tenant: null, role }]);
  });

  test('lets a group helper help the schools of the group, also those that join it later, and no longer those that leave', async () => {
    const helper = { ...teacher, role: 'group-helper', school: undefined as never, group: 'Scholengroep Kempen' };
    await expect(run('user create', ['greet'], helper)).rejects.toThrow('no school group "Scholengroep Kempen"');
    const ids = platform.schools.map(({ id }) => id);
    const group = async (members: string[]) => {
      await platform.work('directory', async ({ knex }) => {
        const row = { id: '0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b', code: 'kempen', name: 'Scholengroep Kempen' };
        await knex('school_groups').insert(row).onConflict('id').ignore();
        await knex('schools').update({ group_id: null });
        await knex('schools').whereIn('id', members).update({ group_id: row.id });
      });
    };
    const [first, second] = ids as [string, string];
    await group([first]);
    const output = await run('user create', ['greet'], helper);
    const rolesOf = async () => {
      const client = platform.client();
      await platform.attempt('greet', printed(output), client);
      return (await client.get('/api/kernel/session')).body.session.roles;
    };
    expect(await rolesOf()).toEqual([{ tenant: first, role: 'group-helper' }]);
    await group([first, second]);
    expect(await run('user group', ['greet'], { group: 'Scholengroep Kempen' })).toBe(
      'greet helps 2 schools of Scholengroep Kempen.',
    );
    expect(new Set((await rolesOf()).map(({ tenant }: { tenant: string }) => tenant))).toEqual(new Set([first, second]));
    await group([second]);
    await run('user group', ['greet'], { group: 'Scholengroep Kempen' });
    expect(await rolesOf()).toEqual([{ tenant: second, role: 'group-helper' }]);
    await run('user create', ['pieter'], { ...teacher, role: 'pupil' });
    await expect(run('user group', ['pieter'], { group: 'Scholengroep Kempen' })).rejects.toThrow('Only staff');
    await platform.work('directory', ({ knex }) =>
      knex('school_groups').insert({ id: randomUUID(), code: 'kempen-2', name: 'Scholengroep Kempen' }),
    );
    await expect(run('user group', ['greet'], { group: 'Scholengroep Kempen' })).rejects.toThrow('Several school groups');
    expect(await rolesOf()).toEqual([{ tenant: second, role: 'group-helper' }]);
    await group([]);
  });

  test.each([
    ['no username', [], teacher, 'Give one username'],
    ['no name', ['x1'], { ...teacher, 'given-name': '' }, 'Add --given-name'],
    [
      'an unknown role',
      ['x2'],
      { ...teacher, role: 'boss' },
      'Choose from: pupil, teacher, ict-coordinator, principal, group-helper, portal-administrator, helpdesk-agent, data-steward',
    ],
    ['no school', ['x3'], { 'given-name': 'A', 'family-name': 'B', role: 'pupil' }, 'add --school with its instellingsnummer'],
    ['a school that is not there', ['x4'], { ...teacher, school: '999999' }, '123456  Basisschool De Wissel'],
    ['an administrator with a school', ['x5'], { ...teacher, role: 'portal-administrator' }, 'leave --school out'],
    ['no e-mail address', ['x6'], { ...teacher, email: 'an.maes' }, 'is not an e-mail address'],
    ['a bad username', ['x 7'], teacher, '2 to 64 letters'],
    ['a taken username', ['taken'], teacher, 'Another account has this username'],
  ])('%s: reports what to fix, exit code 2, nothing created', async (_, args, options, message) => {
    await run('user create', ['taken'], teacher).catch(() => {});
    const count = () => platform.work('login', ({ knex }) => knex('accounts').count('* as n').first());
    const before = await count();
    await expect(run('user create', args, options as Record<string, string>)).rejects.toMatchObject({
      name: 'CommandError',
      exitCode: 2,
      message: expect.stringContaining(message),
    });
    expect(await count()).toEqual(before);
  });
});

describe('ilearn user password', () => {
  test('prints a new password and ends the sessions', async () => {
    const first = printed(await run('user create', ['wout'], { ...teacher, role: 'pupil' }));
    const client = platform.client();
    await platform.attempt('wout', first, client);
    const second = printed(await run('user password', ['WOUT']));
    expect((await platform.attempt('wout', first)).status).toBe(401);
    expect((await platform.attempt('wout', second)).status).toBe(200);
    expect((await client.get('/api/kernel/session')).body.session).toBeNull();
  });

  test('reports an unknown account', async () => {
    await expect(run('user password', ['nobody'])).rejects.toMatchObject({
      exitCode: 2,
      message: 'There is no account "nobody".',
    });
  });
});
