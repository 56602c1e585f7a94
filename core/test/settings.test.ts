import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AllSettings, type PluginDefinition, Problem, secretText } from '@ilearn/core';
import { countStatements, createTestPlatform, openTestHome, type TestPlatform } from '@ilearn/core/testing';
import { createJiti } from 'jiti';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { checkManifest } from '../dist/plugins/check-manifest.js';
import { club, heard } from './support/club.js';
import { PortalFolder } from './support/command.js';
import { bram, lotte, north, plugin, south, within } from './support/fixtures.js';
import { column } from './support/portal.js';
import { until } from './support/redis.js';

const SECRET = 'correct-horse-battery';
const other = plugin('other', { settings: { tenant: z.object({ on: z.boolean().default(false) }) }, privacy: club.privacy! });
let portal: TestPlatform;
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [club, other], required: [] });
  await portal.registerTenants([north, south].map((id) => ({ id, kind: 'club' })));
});
afterAll(() => portal?.stop());
afterEach(async () => {
  await sql('delete from kernel.settings');
  await sql(`select pg_notify('ilearn_settings', '')`);
  // The embedded database notifies nobody.
  await as('*', ({ allSettings }) => set(allSettings, null, { open: false }));
  await sql('delete from kernel.settings');
  await sql('delete from kernel.messages');
  heard.length = 0;
});

const sql = async (text: string): Promise<unknown[]> => column((await portal.platform.home()) as never, text);
const as = <T>(tenants: '*' | string[], fn: (services: any) => Promise<T>, on = portal): Promise<T> =>
  within(on, 'club', tenants, fn);
const of = (tenant: string, on = portal) => as([tenant], ({ settings }) => settings.of(tenant), on);

async function versionOf(all: AllSettings, tenant: string | null, whose = 'club'): Promise<number> {
  return (await all.sections(tenant)).find((section) => section.plugin === whose)?.version ?? -1;
}

async function set(
  all: AllSettings,
  tenant: string | null,
  values: Record<string, unknown>,
  reset: string[] = [],
): Promise<number> {
  return all.change({ plugin: 'club', tenant, version: await versionOf(all, tenant), values, reset });
}
const change = (tenant: string | null, values: Record<string, unknown>, reset: string[] = []) =>
  as(tenant === null ? '*' : [tenant], ({ allSettings }) => set(allSettings, tenant, values, reset));

async function refusal(attempt: Promise<unknown>): Promise<Problem> {
  const outcome = await attempt.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(outcome instanceof Problem)) throw outcome ?? new Error('it was not refused');
  return outcome;
}

describe('values', () => {
  test('settings 1: a tenant falls back to the portal if both have the field, then to the default', async () => {
    const defaults = { colour: 'red', key: '', seats: 12, share: 0.5, motto: '', firstDay: null, sports: [], closed: [] };
    expect(await of(north)).toEqual(defaults);
    await change(null, { colour: 'blue', open: false });
    expect(await of(north)).toEqual({ ...defaults, colour: 'blue' });
    await change(north, { colour: 'red', sports: ['judo'], closed: [{ from: '2026-12-24', to: '2026-12-26' }] });
    expect(await of(north)).toEqual({
      ...defaults,
      sports: ['judo'],
      closed: [{ label: '', from: '2026-12-24', to: '2026-12-26' }],
    });
    expect(await of(south)).toEqual({ ...defaults, colour: 'blue' });
    expect(await as([], ({ settings }) => settings.portal())).toEqual({ open: false, colour: 'blue', key: '' });
    await change(north, {}, ['colour']);
    expect((await of(north)).colour).toBe('blue');
  });

  test('are frozen, and read without a statement until one is changed', async () => {
    const values = await of(north);
    expect(() => Object.assign(values, { seats: 1 })).toThrow(TypeError);
    expect(() => (values.sports as string[]).push('chess')).toThrow(TypeError);
    const count = countStatements();
    await of(north).finally(() => count.stop());
    expect(count.sent).toEqual(new Map());
    await change(north, { seats: 3 });
    expect((await of(north)).seats).toBe(3);
  });

  test('settings 2: of another tenant are refused to everybody, in every way', async () => {
    await change(south, { motto: 'ours' });
    const north403 = { status: 403 };
    expect(await refusal(as([north], ({ settings }) => settings.of(south)))).toMatchObject(north403);
    expect(await refusal(as([], ({ settings }) => settings.of(south)))).toMatchObject(north403);
    expect(await refusal(as([north], ({ allSettings }) => allSettings.sections(south)))).toMatchObject(north403);
    expect(await refusal(as([north], ({ allSettings }) => allSettings.sections(null)))).toMatchObject(north403);
    expect(
      await refusal(
        as([north], ({ allSettings }) =>
          set(allSettings, north, {}).then(() =>
            allSettings.change({ plugin: 'club', tenant: south, version: 1, values: { motto: '' }, reset: [] }),
          ),
        ),
      ),
    ).toMatchObject(north403);
    expect(
      await refusal(
        as([north], ({ allSettings }) =>
          allSettings.change({ plugin: 'club', tenant: null, version: 0, values: { open: false }, reset: [] }),
        ),
      ),
    ).toMatchObject(north403);
    for (const strange of ["'", '', '*', `${north},${south}`]) {
      expect(await refusal(as('*', ({ allSettings }) => allSettings.sections(strange)))).toMatchObject(north403);
    }
    expect(await refusal(as('*', ({ allSettings }) => set(allSettings, randomUUID(), { seats: 3 })))).toMatchObject({
      status: 404,
    });
    expect((await of(south)).motto).toBe('ours');
    expect(await as([north], ({ allSettings }) => allSettings.tenants())).toEqual([{ id: north, kind: 'club' }]);
  });

  test('of an undeclared part are an error that says so', async () => {
    const call = portal.work('other', ({ settings }) => settings.portal());
    await expect(call).rejects.toThrow('other declares no settings of the portal; add settings.portal to its manifest.');
  });
});

describe('a change', () => {
  const wrong: [string, Record<string, unknown>, string][] = [
    ['an unknown field', { seat: 3 }, '/values/seat'],
    ['a field of the portal alone', { open: true }, '/values/open'],
    ['a prototype key', JSON.parse('{"__proto__": {"seats": 3}}'), '/values/__proto__'],
    ['the name of a method', { toString: 'x', constructor: 1 }, '/values/toString'],
    ['a wrong type', { seats: '3' }, '/values/seats'],
    ['a number beyond its bounds', { seats: 41 }, '/values/seats'],
    ['no number', { share: Number.NaN }, '/values/share'],
    ['no value', { seats: undefined }, '/values/seats'],
    ['null', { seats: null }, '/values/seats'],
    ['an option that there is not', { colour: 'green' }, '/values/colour'],
    ['a huge text', { motto: 'x'.repeat(1_000_000) }, '/values/motto'],
    [
      'a huge list',
      { closed: Array.from({ length: 10_000 }, () => ({ from: '2026-01-01', to: '2026-01-02' })) },
      '/values/closed',
    ],
    ['a period that ends before it begins', { closed: [{ from: '2026-01-02', to: '2026-01-01' }] }, '/values/closed/0/to'],
    ['a member too many', { closed: [{ from: '2026-01-01', to: '2026-01-01', who: 'Lotte' }] }, '/values/closed/0'],
    ['a day that there is not', { firstDay: '2026-02-30' }, '/values/firstDay'],
    ['a sealed text', { key: { sealed: 'AAAA' } }, '/values/key'],
    ['a text that cannot be stored', { motto: 'a\0b' }, '/values/motto'],
  ];
  test.each(wrong)('settings 3: with %s is refused at that field, and nothing is stored', async (_, values, pointer) => {
    const problem = await refusal(change(north, { colour: 'blue', ...values, ...Object.fromEntries(Object.entries(values)) }));
    const told = Object.hasOwn(values, '__proto__') ? await refusal(change(north, values)) : problem;
    expect(told).toMatchObject({ status: 400, type: 'validation-failed' });
    expect(told.errors?.map((error) => error.pointer)).toContain(pointer);
    expect(await sql('select fields from kernel.settings')).toEqual([]);
  });

  test('settings 4: of two people who change a section at once, one is told about the other’s change', async () => {
    await change(north, { seats: 1 });
    const one = (seats: number) =>
      as([north], ({ allSettings }) =>
        allSettings.change({ plugin: 'club', tenant: north, version: 1, values: { seats }, reset: [] }),
      );
    const outcomes = await Promise.allSettled([one(2), one(3)]);
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(refused).toMatchObject([{ status: 409, type: 'settings-changed' }]);
    expect(await sql('select version from kernel.settings')).toEqual([2]);
  });

  test('is written to the audit log with who, which, and the values before and after; erased people are removed from it', async () => {
    await change(north, { colour: 'blue', seats: 5 });
    const entries = async () =>
      sql(`select concat_ws(' ', e.actor_kind, (select p.id from kernel.audit_pseudonyms p where p.pseudonym = e.actor), e.plugin, e.route, e.details->'from', e.details->'to')
           from kernel.audit_entries e where details is not null order by id desc limit 2`);
    expect(await entries()).toEqual([
      `person ${lotte} club setting seats {"value": 12} {"value": 5}`,
      `person ${lotte} club setting colour {"value": "red"} {"value": "blue"}`,
    ]);
    const before = await sql('select count(*)::int from kernel.audit_entries');
    expect(await change(north, { colour: 'blue' })).toBe(1);
    expect(await sql('select count(*)::int from kernel.audit_entries')).toEqual(before);
  });

  test('is an event for its plugin, whose handler reads the new value', async () => {
    await portal.drain();
    heard.length = 0;
    await of(north);
    await change(north, { colour: 'blue' });
    await as([north], async ({ allSettings }) => {
      const sections: { plugin: string; version: number }[] = await allSettings.sections(north);
      await allSettings.change({ plugin: 'other', tenant: north, version: 0, values: { on: true }, reset: [] });
      expect(sections.map(({ plugin: whose }) => whose)).toEqual(['kernel', 'club', 'other']);
    });
    await portal.drain();
    expect(heard).toEqual([{ tenant: north, fields: ['colour'], colour: 'blue' }]);
  });

  test('that is rolled back leaves values, cache and audit unchanged; until then its own unit reads it', async () => {
    await of(north);
    const failed = as([north], async ({ allSettings, settings }) => {
      await set(allSettings, north, { seats: 7 });
      expect((await settings.of(north)).seats).toBe(7);
      throw new Error('after all');
    });
    await expect(failed).rejects.toThrow('after all');
    expect((await of(north)).seats).toBe(12);
    expect(await sql('select version from kernel.settings')).toEqual([]);
  });
});

describe('secrets', () => {
  test('settings 5: are read by their plugin only; rows, pages, audit, events, logs and exports do not contain them', async () => {
    await change(north, { key: SECRET });
    await change(null, { key: `${SECRET}-2` });
    expect((await of(north)).key).toBe(SECRET);
    expect((await of(south)).key).toBe(`${SECRET}-2`);
    const shown = await as('*', ({ allSettings }) => allSettings.sections(north));
    expect(shown[1].fields.find(({ name }: { name: string }) => name === 'key')).toMatchObject({
      kind: 'secret',
      value: true,
      fallback: null,
      source: 'tenant',
    });
    await portal.drain();
    const everything = [
      shown,
      await as('*', ({ allSettings }) => allSettings.sections(null)),
      await sql('select row_to_json(s)::text from kernel.settings s'),
      await sql('select row_to_json(e)::text from kernel.audit_entries e'),
      await sql('select row_to_json(m)::text from kernel.messages m'),
      portal.log,
    ];
    expect(JSON.stringify(everything)).not.toContain('correct-horse');
    const problem = await refusal(change(north, { key: `${SECRET}${'x'.repeat(100)}` }));
    expect(JSON.stringify([problem, problem.errors, problem.message])).not.toContain('correct-horse');
  });

  test('are bound to their place: moved to another tenant or damaged, they cannot be decrypted', async () => {
    await change(south, { seats: 2 });
    await change(north, { key: SECRET });
    await sql(
      `update kernel.settings set fields = (select fields from kernel.settings where tenant = '${north}') where tenant = '${south}'`,
    );
    expect((await of(south)).key).toBe('');
    expect((await of(north)).key).toBe(SECRET);
  });
});

describe('a stored value', () => {
  test('settings 6: that no longer fits falls back for that field only, is reported, and is not lost', async () => {
    const old = { seats: 'many', motto: 'ours', colour: 'green', gone: { deep: [1] } };
    await sql(
      `insert into kernel.settings (plugin, tenant, fields, version) values ('club', '${north}', '${JSON.stringify(old)}', 4)`,
    );
    expect(await of(north)).toMatchObject({ seats: 12, motto: 'ours', colour: 'red' });
    const [, section] = await as([north], ({ allSettings }) => allSettings.sections(north, 'en'));
    expect(section).toMatchObject({ plugin: 'club', title: 'Club en', version: 4 });
    expect(section.fields.filter(({ misfit }: { misfit: boolean }) => misfit).map(({ name }: { name: string }) => name)).toEqual([
      'colour',
      'seats',
    ]);
    expect(portal.log.filter((line) => line.includes('no longer fits its schema')).join()).toMatch(/"setting":"(seats|colour)"/);
    expect(portal.log.join()).not.toContain('many');
    await change(north, { colour: 'blue' });
    expect(await sql('select fields::text from kernel.settings')).toEqual([
      expect.stringMatching(/"gone": \{"deep": \[1\]\}.*"seats": "many"/),
    ]);
  });

  test('is removed with its tenant, and with its plugin', async () => {
    const gone = randomUUID();
    await portal.registerTenants([{ id: gone, kind: 'club' }]);
    await sql(`update kernel.tenants set plugin = 'club' where id = '${gone}'`);
    await change(gone, { seats: 2 });
    await as('*', ({ tenants }) => tenants.remove([gone]));
    expect(await sql(`select tenant from kernel.settings where tenant = '${gone}'`)).toEqual([]);

    await change(north, { seats: 2, key: SECRET });
    const { platform } = portal;
    const to = join(mkdtempSync(join(tmpdir(), 'ilearn-detach-')), 'out');
    const detached = await platform.operate({ command: 'detach', id: 'club', options: { to } });
    expect(detached).toMatchObject({ code: 0 });
    const manifest = readFileSync(join(to, 'manifest.json'), 'utf8');
    expect(JSON.parse(manifest).settings).toEqual([{ tenant: north, fields: { seats: 2 } }]);
    expect(manifest).not.toContain('sealed');
    expect(await platform.operate({ command: 'purge', id: 'club', options: { yes: true } })).toMatchObject({ code: 0 });
    expect(await sql('select plugin from kernel.settings')).toEqual([]);
    expect(await platform.operate({ command: 'enable', id: 'club', options: {} })).toMatchObject({ code: 0 });
  });
});

test('settings 7: is seen by a second process within moments, even if that had cached the old value', async () => {
  if ((await portal.platform.home()).kind !== 'postgresql') return;
  const second = await createTestPlatform({ plugins: [club, other], beside: portal });
  try {
    for (const seats of [3, 4, 5]) {
      await of(north, second);
      await change(north, { seats });
      await until('the other process reads it', async () => (await of(north, second)).seats === seats);
    }
  } finally {
    await second.stop();
  }
});

describe('the manifest', () => {
  const faultsOf = (settings: unknown) =>
    checkManifest({
      definition: { id: 'club', version: '1.0.0', settings, privacy: club.privacy } as never,
      origin: 'club',
      rawConfig: {},
    }).faults.map(({ where, message }) => `${where}: ${message}`);
  test.each([
    ['a field without a default', { tenant: z.object({ a: z.boolean() }) }, 'settings.tenant.a: It has no default'],
    [
      'a default that does not fit',
      { portal: z.object({ a: z.int().min(5).max(9).default(3).pipe(z.int().min(5).max(9)) }) },
      'settings.portal.a: ',
    ],
    ['a text without an end', { tenant: z.object({ a: z.string().default('') }) }, 'it has no max()'],
    ['a number without bounds', { tenant: z.object({ a: z.number().default(1) }) }, 'it has no min() and max()'],
    ['a transformation', { tenant: z.object({ a: z.string().max(9).transform(Number).default(1) }) }, 'it transforms its value'],
    ['an object', { tenant: z.object({ a: z.object({}).default({}) }) }, 'the settings page cannot show it'],
    ['anything', { tenant: z.object({ a: z.any().default(1) }) }, 'the settings page cannot show it'],
    ['a name with a dot', { tenant: z.object({ 'a.b': z.boolean().default(true) }) }, '"a.b" is not a valid name for a field'],
    [
      'a check of the whole',
      { tenant: z.object({ a: z.boolean().default(true) }).refine(() => true) },
      'It refines the whole object',
    ],
    ['no object', { tenant: z.string() }, 'settings.tenant: It is not an object of fields'],
    [
      'two kinds under one name',
      { portal: z.object({ a: z.boolean().default(true) }), tenant: z.object({ a: secretText() }) },
      'The portal has a field of that name',
    ],
    ['another part', { school: z.object({}) }, 'settings: '],
  ])('settings 8: with %s is refused', (_, settings, message) => {
    expect(faultsOf(settings).join('\n')).toContain(message);
  });

  test('that listens to an unknown event of the kernel is refused', async () => {
    const wrong = plugin('wrong', { on: { 'kernel.setting-changed': () => {} } as never });
    await expect(createTestPlatform({ plugins: [wrong] })).rejects.toThrow('Did you mean "kernel.settings-changed"?');
  });
});

test('the plugin of docs/plugins.md works as written', async () => {
  const page = readFileSync(new URL('../../docs/plugins.md', import.meta.url), 'utf8');
  const [, source = ''] = /## Settings[\s\S]*?```ts\n([\s\S]*?)```/.exec(page) ?? [];
  const folder = new PortalFolder().write('homework', 'src/index.ts', source);
  for (const language of ['nl', 'en', 'fr']) folder.write('homework', `messages/${language}.json`, '{}');
  const { default: homework } = await createJiti(import.meta.url).import<{ default: PluginDefinition }>(
    join(folder.path, 'node_modules', 'homework', 'src', 'index.ts'),
  );
  const second = await createTestPlatform({ plugins: [homework, club] });
  await folder.remove();
  try {
    await second.registerTenants([{ id: north, kind: 'club' }]);
    await second.grant(bram, [{ tenant: north, role: 'teacher' }]);
    const brams = await second.signIn(bram);
    expect((await brams.get(`/api/homework/tenants/${north}/limit`)).body).toEqual({
      minutes: 60,
      schoolDay: expect.any(Boolean),
    });
    await within(second, 'club', [north], ({ allSettings }) =>
      allSettings.change({ plugin: 'homework', tenant: north, version: 0, values: { limited: true, minutes: 20 }, reset: [] }),
    );
    expect((await brams.get(`/api/homework/tenants/${north}/limit`)).body).toMatchObject({ minutes: 20 });
    expect((await brams.get(`/api/homework/tenants/${south}/limit`)).status).toBe(403);
    await second.drain();
    expect(second.log.join()).toContain('settings of a tenant changed');
  } finally {
    await second.stop();
  }
});

const lamp = `
import { definePlugin, secretText } from '@ilearn/core';
import { z } from 'zod';
const messages = new URL('./messages/', import.meta.url);
const portal = z.object({ watts: z.int().min(1).max(100).default(60), key: secretText() });
export default definePlugin({ id: 'lamp', version: '1.0.0', settings: { portal }, privacy: { messages } });
`;

test('settings 9: the operator shows, sets and resets settings by command, and faults are reported', async () => {
  const folder = new PortalFolder().pack('ilearn-lamp', lamp).compose('ilearn-lamp');
  for (const language of ['nl', 'en', 'fr']) folder.write('ilearn-lamp', `messages/${language}.json`, '{}');
  folder.database = await openTestHome();
  folder.environment['DATABASE_URL'] = folder.database.url ?? '';
  try {
    const run = (...args: string[]) => folder.run('settings', ...args);
    expect((await run('set', 'lamp.watts', '30')).out).toContain('lamp.watts = 30  (portal)');
    expect((await run('set', 'lamp.key', SECRET)).out).toBe('lamp.key = (a secret)  (portal)\n');
    const [all, wrong, unknown] = [await run('get'), await run('set', 'lamp.watts', 'many'), await run('get', 'lamp.wats')];
    expect(all.out).toContain('kernel.timeZone = "Europe/Brussels"  (default)');
    expect(all.out).toContain('lamp.watts = 30  (portal)');
    expect(all.out + all.err).not.toContain(SECRET);
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('watts: ')]);
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining('Did you mean "watts"?')]);
    expect((await run('reset', 'lamp.watts')).out).toBe('lamp.watts = 60  (default)\n');
  } finally {
    await folder.remove();
  }
});
