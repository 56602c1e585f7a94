import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { definePlugin, type KernelCradle, routeFor } from '@ilearn/core';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import directory, { type DirectoryExports } from '@ilearn/plugin-directory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { importCommand } from '../dist/oneroster/command.js';
import { releaseCommand } from '../dist/schools/command.js';
import { twoSchools, user, zip } from './roster.js';

interface Cradle extends KernelCradle {
  directory: DirectoryExports;
}
const route = routeFor<Cradle>();

/** Another plugin, which calls any method of the directory's exports in the name of whoever is signed in. */
const neighbour = definePlugin({
  id: 'neighbour',
  version: '1.0.0',
  requires: { directory: '^0.1.0' },
  routes: [
    route({
      method: 'POST',
      path: '/call',
      summary: 'Calls the directory',
      permission: 'signed-in',
      machines: { none: 'a test' },
      body: z.object({ service: z.string(), method: z.string(), args: z.array(z.unknown()) }),
      responses: { 200: z.object({ result: z.unknown() }) },
      async handler({ body, services }) {
        const exported = services.directory as unknown as Record<
          string,
          Record<string, (...args: unknown[]) => Promise<unknown>>
        >;
        return { result: (await exported[body.service]?.[body.method]?.(...body.args)) ?? null };
      },
    }),
    route({
      method: 'GET',
      path: '/views',
      summary: 'Reads the exported views',
      permission: 'signed-in',
      machines: { none: 'a test' },
      responses: { 200: z.object({ people: z.array(z.string()), members: z.int() }) },
      handler: async ({ services: { knex } }) => ({
        people: await knex('directory.people_summaries').orderBy('given_name').pluck('given_name'),
        members: (await knex('directory.class_members')).length,
      }),
    }),
  ],
});

let platform: TestPlatform;
let ids: Record<string, string>;
let classes: Record<string, string>;
let schools: Record<string, string>;

beforeAll(async () => {
  platform = await createTestPlatform({ plugins: [directory, neighbour] });
  await platform.work('directory', ({ importer }) => importer.run(zip(twoSchools())));
  ({ ids, classes, schools } = await platform.work('directory', async ({ knex }) => {
    const map = async (table: string, column: string) =>
      Object.fromEntries(
        (await knex(table).select('sourced_id', column)).map((row: Record<string, string>) => [row['sourced_id'], row[column]]),
      );
    return {
      ids: await map('memberships', 'person_id'),
      classes: await map('classes', 'id'),
      schools: await map('schools', 'id'),
    };
  }));
});
afterAll(() => platform?.stop());

async function call(who: string, service: string, method: string, ...args: unknown[]) {
  const client = await platform.signIn(ids[who] as string, who);
  const { status, body } = await client.post('/api/neighbour/call', { service, method, args });
  return status === 200 ? body.result : { status };
}
const names = (list: { givenName: string }[]) => list.map(({ givenName }) => givenName);

describe('through another plugin', () => {
  it('a teacher sees the people and classes of the school', async () => {
    expect(await call('ann', 'people', 'get', ids['ali'])).toEqual({
      id: ids['ali'],
      givenName: 'Ali',
      familyName: 'Amrani',
      kind: 'pupil',
      schools: [schools['a']],
    });
    expect(names(await call('ann', 'people', 'getMany', [ids['cas'], 'nonsense', ids['dina'], ids['ali'], ids['ali']]))).toEqual([
      'Cas',
      'Ali',
      'Ali',
    ]);
    expect(names(await call('ann', 'classes', 'pupilsOf', classes['1a']))).toEqual(['Ali', 'Bo']);
    expect(names(await call('ann', 'classes', 'teachersOf', classes['2a']))).toEqual(['Ann', 'Kim']);
    expect(await call('ann', 'people', 'emailOf', ids['kim'])).toBe('kim@a.example');
    // Kim works in both schools; Ann hears of her own only.
    expect(await call('ann', 'people', 'get', ids['kim'])).toMatchObject({ schools: [schools['a']] });
    expect(await call('ann', 'people', 'bySourcedId', schools['a'], 'ali')).toBe(ids['ali']);
  });

  it('a teacher sees nothing of another school', async () => {
    expect(await call('bert', 'people', 'get', ids['ali'])).toBeNull();
    expect(await call('bert', 'people', 'emailOf', ids['ann'])).toBeNull();
    expect(await call('bert', 'people', 'bySourcedId', schools['a'], 'ali')).toBeNull();
    expect(await call('bert', 'classes', 'get', classes['1a'])).toBeNull();
    expect(await call('bert', 'classes', 'pupilsOf', classes['1a'])).toEqual([]);
    expect(await call('bert', 'classes', 'ofPerson', ids['ali'])).toEqual([]);
    expect(await call('bert', 'schools', 'get', schools['a'])).toBeNull();
    expect(await call('bert', 'schools', 'byInstellingsnummer', '111111')).toBeNull();
  });

  it('a pupil sees nobody but themselves, and the names of their classes', async () => {
    expect(names(await call('ali', 'people', 'getMany', [ids['ali'], ids['bo'], ids['ann']]))).toEqual(['Ali']);
    expect(await call('ali', 'people', 'get', ids['bo'])).toBeNull();
    expect(await call('ali', 'people', 'emailOf', ids['ann'])).toBeNull();
    expect(await call('ali', 'people', 'bySourcedId', schools['a'], 'bo')).toBeNull();
    expect((await call('ali', 'classes', 'ofPerson', ids['ali'])).map(({ name }: { name: string }) => name)).toEqual(['1A']);
    expect(await call('ali', 'classes', 'ofPerson', ids['cas'])).toEqual([]);
    expect(await call('ali', 'classes', 'ofPerson', ids['bo'])).toEqual([]);
    expect(await call('ali', 'classes', 'get', classes['1a'])).toMatchObject({ name: '1A' });
    expect(await call('ali', 'classes', 'get', classes['2a'])).toBeNull();
    expect(names(await call('ali', 'classes', 'pupilsOf', classes['1a']))).toEqual(['Ali']);
    expect(await call('ali', 'classes', 'teachersOf', classes['1a'])).toEqual([]);
    expect((await call('ali', 'classes', 'ofSchool')).map(({ name }: { name: string }) => name)).toEqual(['1A']);
  });

  it('restricts who sees a class: staff those of their school, pupils their own', async () => {
    const sees = async (who: string) => [
      await call(who, 'classes', 'canSee', classes['1a']),
      await call(who, 'classes', 'canSee', classes['2a']),
    ];
    expect(await sees('ann')).toEqual([true, true]);
    expect(await sees('bert')).toEqual([false, false]);
    expect(await sees('ali')).toEqual([true, false]);
    expect(await call('ann', 'classes', 'canSee', 'nonsense')).toBe(false);
    // A provider that deals with the school sees none of its classes.
    ids['trainer'] = '7f1c0f60-5a0f-4b0e-9d5b-4a2f5a3b9c10';
    const provider = '7f1c0f60-5a0f-4b0e-9d5b-4a2f5a3b9c11';
    await platform.grant(ids['trainer'] as string, [{ tenant: provider, role: 'trainer' }]);
    expect(await sees('trainer')).toEqual([false, false]);
  });

  it('every school is a tenant of the kind school, including those of an older portal after its next start', async () => {
    const registered = () => platform.work('directory', ({ tenants }) => tenants.list('school'));
    expect((await registered()).map(({ id }: { id: string }) => id).sort()).toEqual(Object.values(schools).sort());
    const { pool } = await platform.platform.home();
    await pool.query(`delete from kernel.tenants where kind = 'school'`);
    await directory.start?.({ work: (fn: any) => platform.work('directory', fn) } as any);
    expect(await registered()).toHaveLength(2);
  });

  it('somebody who learns in one school and teaches in another sees people only where they teach', async () => {
    await platform.grant(ids['bo'] as string, [
      { tenant: schools['a'] as string, role: 'pupil' },
      { tenant: schools['b'] as string, role: 'teacher' },
    ]);
    expect(names(await call('bo', 'people', 'getMany', [ids['ali'], ids['ann'], ids['dina'], ids['bo']]))).toEqual([
      'Dina',
      'Bo',
    ]);
    await platform.grant(ids['bo'] as string, [{ tenant: schools['a'] as string, role: 'pupil' }]);
  });

  it('only the portal itself adds or removes people, or imports', async () => {
    expect(
      await call('ida', 'people', 'create', {
        givenName: 'X',
        familyName: 'Y',
        kind: 'staff',
        roles: [{ tenant: null, role: 'portal-administrator' }],
      }),
    ).toEqual({ status: 403 });
    expect(await call('ida', 'people', 'remove', ids['ali'])).toEqual({ status: 403 });
    expect(await call('ida', 'oneroster', 'importFrom', '/etc')).toEqual({ status: 403 });
    // What is the plugin's own is not there at all.
    expect(await call('ida', 'oneroster', 'run', '/etc')).toBeNull();
  });

  it('the views show only the own school', async () => {
    const views = async (who: string) =>
      (await (await platform.signIn(ids[who] as string, who)).get('/api/neighbour/views')).body;
    expect(await views('bert')).toEqual({ people: ['Bert', 'Dina', 'Kim'], members: 3 });
    expect((await views('ann')).people).toEqual(['Ali', 'Ann', 'Bo', 'Cas', 'Ida', 'Kim', 'Piet']);
  });
});

describe('a person added by hand', () => {
  const create = (person: unknown): Promise<string> => platform.work('directory', ({ people }) => people.create(person));
  const gast = { givenName: ' Gast ', familyName: 'Leraar', kind: 'staff', email: 'gast@a.example' };

  it('gets the requested roles, and is found', async () => {
    const id = await create({
      ...gast,
      roles: [
        { tenant: schools['a'], role: 'teacher' },
        { tenant: schools['b'], role: 'principal' },
      ],
    });
    expect(await platform.work('directory', ({ people }) => people.get(id))).toEqual({
      id,
      givenName: 'Gast',
      familyName: 'Leraar',
      kind: 'staff',
      schools: [schools['a'], schools['b']].sort(),
    });
    expect(await platform.work('directory', ({ people }) => people.emailOf(id))).toBe('gast@a.example');
    const client = await platform.signIn(id, 'Gast');
    expect((await client.get('/api/directory/schools')).body.schools).toHaveLength(2);
    await platform.work('directory', ({ people }) => people.remove(id));
    expect(await platform.work('directory', ({ people }) => people.get(id))).toBeNull();
    expect((await client.get('/api/directory/people')).status).toBeGreaterThanOrEqual(401);
  });

  it('may belong to the whole portal', async () => {
    const id = await create({ ...gast, roles: [{ tenant: null, role: 'portal-administrator' }] });
    const client = await platform.signIn(id, 'Gast');
    expect((await client.get('/api/directory/schools')).body.schools).toHaveLength(2);
    await platform.work('directory', ({ people }) => people.remove(id));
  });

  it.each([
    ['no role', { roles: [] }, '/roles'],
    ['an unknown role', { roles: [{ tenant: null, role: 'king' }] }, '/roles/0'],
    ['a role that needs a school', { roles: [{ tenant: null, role: 'teacher' }] }, '/roles/0'],
    [
      'a role that is of no school',
      { roles: [{ tenant: '00000000-0000-4000-8000-000000000000', role: 'portal-administrator' }] },
      '/roles/0',
    ],
    ['a pupil’s role for staff', { roles: [{ tenant: '00000000-0000-4000-8000-000000000000', role: 'pupil' }] }, '/roles/0'],
    ['no name', { givenName: ' ', roles: [{ tenant: null, role: 'portal-administrator' }] }, '/givenName'],
    ['no e-mail address', { email: 'x', roles: [{ tenant: null, role: 'portal-administrator' }] }, '/email'],
  ])('with %s is refused at that place', async (_, wrong, pointer) => {
    await expect(create({ ...gast, ...wrong })).rejects.toMatchObject({
      type: 'directory/invalid-person',
      errors: [{ pointer }],
    });
  });

  it('needs an existing school', async () => {
    const roles = [{ tenant: '00000000-0000-4000-8000-000000000000', role: 'teacher' }];
    await expect(create({ ...gast, roles })).rejects.toMatchObject({ type: 'directory/unknown-school' });
  });

  it('who was imported cannot be removed by hand', async () => {
    await expect(platform.work('directory', ({ people }) => people.remove(ids['ali']))).rejects.toMatchObject({ status: 409 });
  });
});

describe('on the command line', () => {
  async function command(of: typeof importCommand, args: string[], options: Record<string, string | boolean> = {}) {
    const lines: string[] = [];
    const code = await of.run({
      args,
      options,
      work: (fn) => platform.work('directory', fn),
      progress: { start() {}, advance() {}, stop() {} },
      print: (line) => lines.push(line),
    });
    return { code: code ?? 0, lines };
  }

  it('a package is imported with a report, and a fault leads to exit code 1', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'roster-'));
    try {
      const roster = twoSchools();
      roster.users.push(user('x', 'Xenia', 'Xu', { phone: '0470' }));
      await writeFile(join(folder, 'good.zip'), zip(roster));
      Object.assign(roster.users[8] as object, { enabledUser: 'ja' });
      await writeFile(join(folder, 'bad.zip'), zip(roster));
      expect(await command(importCommand, [join(folder, 'good.zip')], { 'dry-run': true })).toEqual({
        code: 0,
        lines: [
          '111111 School A: sound',
          '222222 School B: sound',
          'schools       0 added, 0 changed, 0 removed, 2 unchanged',
          'sites         0 added, 0 changed, 0 removed, 1 unchanged',
          'school years  0 added, 0 changed, 0 removed, 2 unchanged',
          'people        0 added, 0 changed, 0 removed, 9 unchanged',
          'roles         0 added, 0 changed, 0 removed, 10 unchanged',
          'classes       0 added, 0 changed, 0 removed, 3 unchanged',
          'enrolments    0 added, 0 changed, 0 removed, 9 unchanged',
          'Left out deliberately:',
          '  users.csv username (10 cells): not stored: the portal does not need it',
          '  users.csv phone (1 cell): not stored: the portal does not need it',
          '  users.csv (1 row): no role in the portal',
          'This was a dry run: nothing was changed.',
        ],
      });
      const bad = await command(importCommand, [join(folder, 'bad.zip')]);
      expect(bad.code).toBe(1);
      expect(bad.lines).toContain('222222 School B: refused, left as it was');
      expect(bad.lines).toContain('  users.csv, row 10, enabledUser: "ja" is neither true nor false.');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('a wrong call prints the usage', async () => {
    await expect(command(importCommand, [])).rejects.toThrow('ilearn import oneroster');
    await expect(command(releaseCommand, [])).rejects.toThrow('ilearn school release');
    await expect(command(releaseCommand, ['111111'], { name: 'yes' })).rejects.toThrow('--name on or --name off');
    await expect(command(releaseCommand, ['999999'], { name: 'on' })).rejects.toThrow(
      'no school with the instellingsnummer 999999',
    );
  });

  it('a school sets what may be released', async () => {
    expect((await command(releaseCommand, ['111111'], { name: 'on' })).lines).toEqual(['111111 School A: name on, email off']);
    expect((await command(releaseCommand, ['111111'])).lines).toEqual(['111111 School A: name on, email off']);
    expect((await command(releaseCommand, ['111111'], { name: 'off', email: 'on' })).lines).toEqual([
      '111111 School A: name off, email on',
    ]);
  });
});
