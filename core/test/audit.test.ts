import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { maintainPartitions } from '../dist/audit/partitions.js';
import { readAudit } from '../dist/audit/read-audit.js';
import { readableRegister } from '../dist/privacy/register/readable-register.js';
import { registerPage } from '../dist/privacy/register/register-page.js';
import { diary } from './support/diary.js';
import { findEverywhere } from './support/find-everywhere.js';
import { bram, lotte, none, north, plugin, sql } from './support/fixtures.js';

/** Holds no people. */
const weather = plugin('weather', {
  tables: { days: none },
  migrations: [sql('0001', 'create table days (day date)')],
  routes: [
    {
      method: 'GET',
      path: '/days',
      summary: 'Days',
      permission: 'signed-in',
      machines: { none: 'a test' },
      responses: { 200: diary.routes?.[0]?.responses[200] as any },
      handler: async ({ services: { knex } }: any) => ({ pages: (await knex('days')).length }),
    },
  ],
});

let portal: TestPlatform;
let teacher: Awaited<ReturnType<TestPlatform['signIn']>>;
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [diary, weather] });
  await portal.grant(bram, [{ tenant: north, role: 'teacher' }]);
  teacher = await portal.signIn(bram, 'Bram Claes');
});
afterAll(() => portal?.stop());

const kernel = async (text: string, values: unknown[] = []) =>
  (await (await portal.platform.home()).pool.query(text, values)).rows;
const entries = () => kernel('select * from kernel.audit_entries order by id');
const read = (id: string, role: 'any' | 'actor' = 'any') =>
  portal.platform.runner.run({}, ({ unit }) => readAudit(unit, { id, role }));
const pupilPage = (pupil: string) => `/api/diary/pupils/${pupil}/pages/lotje-van-3a`;

describe('an answered request', () => {
  test('is recorded with who, what and whom, by pseudonym, without any content', async () => {
    const answer = await teacher.get(pupilPage(lotte), { headers: { 'x-request-id': 'request-42-abcdef' } });
    expect(answer.status).toBe(200);
    await teacher.post('/api/diary/pages', { tenant: north, text: 'a secret text' });
    const [seen, changed] = await entries();
    expect(seen).toMatchObject({
      actor_kind: 'person',
      plugin: 'diary',
      route: 'GET /api/diary/pupils/:pupil/pages/:nick',
      status: 200,
      tenants: [north],
      request_id: answer.headers.get('x-request-id'),
    });
    expect(Object.keys(seen.params)).toEqual(['pupil']);
    expect(changed).toMatchObject({ route: 'POST /api/diary/pages', status: 204, actor: seen.actor });
    expect(await findEverywhere(portal, [lotte])).toEqual([`kernel.audit_pseudonyms: ${lotte}`]);
    expect(JSON.stringify([seen, changed])).not.toMatch(new RegExp(`${bram}|lotje|secret`));
    expect(await read(lotte)).toMatchObject([{ actor: bram, params: { pupil: lotte } }]);
    expect(await read(bram, 'actor')).toHaveLength(2);
    expect(await read(lotte, 'actor')).toEqual([]);
  });

  test('is not recorded if it concerns nobody, or if nothing was done', async () => {
    const before = (await entries()).length;
    await teacher.get('/api/weather/days');
    await teacher.get('/api/diary/colours');
    await teacher.get('/api/kernel/session');
    expect((await portal.client().get('/api/diary/pages')).status).toBe(401);
    expect((await teacher.get('/api/diary/pupils/nobody/pages/x')).status).toBe(400);
    expect((await teacher.post('/api/diary/pages', { tenant: north, text: 'boom' })).status).toBe(500);
    expect(await entries()).toHaveLength(before);
    expect(await kernel(`select from diary.pages where text = 'boom'`)).toEqual([]);
  });

  test('is committed together with its entry, or not at all', async () => {
    await kernel('alter table kernel.audit_entries rename to hidden');
    const { status } = await teacher.post('/api/diary/pages', { tenant: north, text: 'unseen' });
    await kernel('alter table kernel.hidden rename to audit_entries');
    expect(status).toBe(500);
    expect(await kernel(`select from diary.pages where text = 'unseen'`)).toEqual([]);
    // The connection is sound.
    for (let i = 0; i < 6; i++) expect((await teacher.get('/api/diary/pages')).status).toBe(200);
  });

  test('sends only one additional statement, for its entry', async () => {
    const sent: string[] = [];
    const { pool } = await portal.platform.home();
    const client = await pool.connect();
    let prototype = Object.getPrototypeOf(client);
    while (!Object.hasOwn(prototype, 'query')) prototype = Object.getPrototypeOf(prototype);
    client.release();
    const { query } = prototype;
    prototype.query = function (this: unknown, statement: any, ...rest: unknown[]) {
      sent.push(typeof statement === 'string' ? statement : statement.text);
      return query.call(this, statement, ...rest);
    };
    try {
      const during = async (path: string) => {
        sent.length = 0;
        expect((await teacher.get(path)).status).toBe(200);
        // Not what runs by the clock.
        return sent.filter((text) => !/kernel\.(messages|schedules|chores)/.test(text));
      };
      const audited = await during('/api/diary/pages');
      const plain = await during('/api/weather/days');
      expect(audited.filter((text) => text.includes('audit_entries'))).toHaveLength(1);
      expect(plain.join('\n')).not.toContain('audit');
      expect(plain.length).toBeGreaterThan(0);
      // And the role in which the kernel writes it.
      expect(audited.length - plain.length).toBeLessThanOrEqual(2);
    } finally {
      prototype.query = query;
    }
  });
});

describe('the log', () => {
  test('can only be appended to, by whoever tries', async () => {
    const count = (await entries()).length;
    for (const statement of [
      `update kernel.audit_entries set status = 500`,
      'delete from kernel.audit_entries',
      'truncate kernel.audit_entries',
      `truncate kernel.${(await kernel(`select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'kernel.audit_entries'::regclass order by 1`))[0].relname}`,
    ]) {
      await expect(kernel(statement), statement).rejects.toThrow('the audit log is only ever added to');
    }
    expect(await entries()).toHaveLength(count);
    await expect(portal.work('diary', ({ knex }) => knex.raw('select * from kernel.audit_entries'))).rejects.toThrow(
      'permission denied',
    );
  });

  test('forgets who a person was when they are erased, and does not record them again', async () => {
    const count = (await entries()).length;
    const { privacy, runner } = portal.platform;
    const id = await runner.run({}, ({ unit }) => privacy.erasures.request(unit, bram));
    // Whoever asks for them while they are being erased writes nothing of them down.
    await portal.grant(lotte, [{ tenant: north, role: 'teacher' }]);
    const other = await portal.signIn(lotte);
    expect((await other.get(pupilPage(bram))).status).toBe(200);
    expect(await kernel('select from kernel.audit_pseudonyms where id = $1', [bram])).toHaveLength(1);
    await privacy.erasures.run(id);
    expect(await findEverywhere(portal, [bram, 'Bram'])).toEqual([]);
    expect(await entries()).toHaveLength(count + 1);
    expect(await read(bram)).toEqual([]);
    expect((await read(lotte)).map(({ actor, actorKind }) => [actorKind, actor])).toContainEqual(['person', null]);
  });

  test('does not record a requested id that belongs to nobody', async () => {
    const gone = '55555555-5555-4555-8555-555555555555';
    const asker = await portal.signIn(lotte);
    expect((await asker.get(`/api/diary/pupils/${gone}/pages/gone`)).status).toBe(404);
    expect((await entries()).at(-1)).toMatchObject({ status: 404, params: {} });
    expect(await findEverywhere(portal, [gone])).toEqual([]);
  });

  test('drops months at the end of their retention time, with what only they referred to', async () => {
    const { pool } = await portal.platform.home();
    const months = async () =>
      (
        await kernel(
          `select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'kernel.audit_entries'::regclass order by 1`,
        )
      ).map(({ relname }) => relname);
    const later = (months: number) => {
      const now = new Date();
      return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 15));
    };
    await maintainPartitions(pool, 12, later(12));
    const { rows } = await pool.query('select count(*)::int as n from kernel.audit_entries');
    expect(rows[0].n).toBeGreaterThan(0);
    await maintainPartitions(pool, 12, later(12 + 4));
    const after = await pool.query(
      `select (select count(*)::int from kernel.audit_entries) as entries, (select count(*)::int from kernel.audit_pseudonyms) as names`,
    );
    expect(after.rows[0]).toEqual({ entries: 0, names: 0 });
    await maintainPartitions(pool, 12);
    expect(await months()).toContain(`audit_entries_${new Date().toISOString().slice(0, 7).replace('-', '_')}`);
    expect((await (await portal.signIn(lotte)).get('/api/diary/pages')).status).toBe(200);
  });
});

test('keeps as many months as the operator configures, and the register shows the number', async () => {
  const short = await createTestPlatform({ plugins: [weather], settings: { auditMonths: 3 } });
  try {
    const { privacy, runner } = short.platform;
    const home = await short.platform.home();
    const now = new Date();
    const first = (offset: number) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1)).toISOString();
    const nameOf = (offset: number) => `audit_entries_${first(offset).slice(0, 7).replace('-', '_')}`;
    for (const offset of [-4, -3]) {
      await home.pool.query(
        `create table kernel.${nameOf(offset)} partition of kernel.audit_entries for values from ('${first(offset)}') to ('${first(offset + 1)}')`,
      );
    }
    await privacy.maintainPartitions();
    const { rows } = await home.pool.query<{ name: string }>(
      `select relname::text as name from pg_class where relname like 'audit_entries_20%' and relkind = 'r' order by 1`,
    );
    expect(rows.map(({ name }) => name)).toEqual([-3, 0, 1, 2].map(nameOf));
    const { register, plugins } = await runner.run({}, ({ unit }) => privacy.register(unit));
    expect(register.plugins[0]?.tables.find(({ table }) => table === 'audit_entries')?.keep).toEqual({ for: 'P3M', since: 'at' });
    expect(registerPage(readableRegister(register, plugins, 'nl'), 'nl')).toContain('3 maanden vanaf “Wanneer”');
  } finally {
    await short.stop();
  }
});
