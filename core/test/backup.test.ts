import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createDatabase } from '@ilearn/core/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { giveName } from '../dist/backup/archive.js';
import { backupRoleSql } from '../dist/backup/read-portal.js';
import { openHome } from '../dist/database/homes/home.js';
import { isPortals } from '../dist/lifecycle/control-socket.js';
import { monitor, type PortalFolder } from './support/command.js';
import { serverForTests } from './support/database.js';
import { north, south, warehousePortal } from './support/warehouse.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

const folder = warehousePortal();
const newer = warehousePortal({ newer: true });
const folders = [folder, newer];
const archive = join(folder.path, 'portal.backup');
const cleanUp: (() => Promise<unknown>)[] = [];
let server: Awaited<ReturnType<typeof serverForTests>>;

/** A database of a user that is no superuser, as on a server of an operator. */
async function portalDatabase(): Promise<{ url: string; admin: string; pool: pg.Pool }> {
  const { url: admin, drop } = await createDatabase(server.url);
  const pool = new pg.Pool({ connectionString: admin, max: 2 });
  const url = new URL(admin);
  await pool.query(
    `do $$ begin create role stored_portal login createrole password 'pw'; exception when duplicate_object then end $$`,
  );
  await pool.query(`alter database ${url.pathname.slice(1)} owner to stored_portal`);
  Object.assign(url, { username: 'stored_portal', password: 'pw' });
  cleanUp.push(async () => {
    await pool.end();
    await drop();
  });
  return { url: url.href, admin, pool };
}

/** Every row of every table that is more than a running process, as text; the same wherever the portal is. */
async function rowsOf(database: Pick<pg.Pool, 'query'>): Promise<Map<string, string[]>> {
  const { rows: tables } = await database.query(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and not c.relispartition and n.nspname in ('kernel', 'ware_house', 'reader') order by 1`,
  );
  const found = new Map<string, string[]>();
  for (const { name } of tables) {
    // What another process, another engine or the next start says anew.
    if (/kernel\.(processes|running_messages|file_uploads|machine_budgets|live_log|clock|plugins)$/.test(name)) continue;
    const { rows } = await database.query(`select t::text as line from ${name} t order by 1`);
    found.set(
      name,
      rows.map(({ line }) => line as string),
    );
  }
  return found;
}

async function inEmbedded<T>(folder: string, fn: (home: Awaited<ReturnType<typeof openHome>>) => Promise<T>): Promise<T> {
  const home = await openHome({ folder });
  try {
    return await fn(home);
  } finally {
    await home.close();
  }
}

/** The same folder with other variables, for as long as one command runs. */
async function withVariables(of: PortalFolder, variables: Record<string, string>, ...args: string[]) {
  const before = of.environment;
  of.environment = { ...before, ...variables };
  return of.call(...args).finally(() => {
    of.environment = before;
  });
}

let original: Map<string, string[]>;
beforeAll(async () => {
  server = await serverForTests();
  expect((await folder.call('stock')).code).toBe(0);
  await inEmbedded(join(folder.path, 'data'), async ({ pool }) => {
    await pool.query(
      `insert into kernel.sessions (id_hash, person_id, display_name, expires_at) values ('\\x01ff', gen_random_uuid(), 'Lien', now() + interval '1 day')`,
    );
    await pool
      .query(
        `create table kernel.audit_entries_2026_11 partition of kernel.audit_entries for values from ('2026-11-01') to ('2026-12-01');
       create table kernel.audit_entries_2026_12 partition of kernel.audit_entries for values from ('2026-12-01') to ('2027-01-01')`,
      )
      .catch(() => {});
    await pool.query(
      `insert into kernel.audit_entries (at, actor_kind, plugin, route, params, status, tenants, request_id, people) values ('2026-11-05', 'system', 'p', 'r', '{}', 200, '{}', 'x', '{}')`,
    );
  });
});
afterAll(async () => {
  for (const each of folders) await each.remove();
  for (const each of cleanUp.reverse()) await each();
  await server?.stop();
});

describe('ilearn backup', () => {
  test('needs a key, and writes one file that only this user can read', async () => {
    const keyless = await withVariables(folder, { BACKUP_KEY: '' }, 'backup', '--to', archive);
    expect([keyless.code, keyless.err]).toEqual([2, expect.stringContaining('set BACKUP_KEY_FILE')]);
    const short = await withVariables(folder, { BACKUP_KEY: 'too short' }, 'backup', '--to', archive);
    expect([short.code, short.err.includes('too short'), existsSync(archive)]).toEqual([2, false, false]);
    const { code, out, err } = await folder.call('backup', '--to', archive);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/portal\.backup: \d+ rows of \d+ tables, 2 files \(0\.4 MB\) in 0\.\d MB\./);
    expect(statSync(archive).mode & 0o777).toBe(0o600);
    const bytes = readFileSync(archive).toString('latin1');
    for (const secret of ['crates', 'papers', 'kernel', 'Lien']) expect(bytes).not.toContain(secret);
    const again = await folder.call('backup', '--to', archive);
    expect([again.code, again.err]).toEqual([2, expect.stringContaining('already exists')]);
  });

  test('the key can be in a file', async () => {
    writeFileSync(join(folder.path, 'backup.key'), `${folder.environment['BACKUP_KEY']}\n`);
    const given = { BACKUP_KEY: '', BACKUP_KEY_FILE: 'backup.key' };
    const { code, out } = await withVariables(folder, given, 'restore', archive, '--check');
    expect([code, out]).toEqual([0, expect.stringMatching(/complete: a portal as of 20.*\n {2}\d+ rows/)]);
    const both = await withVariables(folder, { BACKUP_KEY_FILE: 'backup.key' }, 'restore', archive, '--check');
    expect([both.code, both.err]).toEqual([2, expect.stringContaining('BACKUP_KEY and BACKUP_KEY_FILE are both set')]);
    const missing = await withVariables(folder, { BACKUP_KEY: '', BACKUP_KEY_FILE: 'no.key' }, 'restore', archive, '--check');
    expect([missing.code, missing.err]).toEqual([2, expect.stringContaining('cannot be read (ENOENT)')]);
  });

  test('an embedded database is backed up by the portal that has it open', async () => {
    const running = folder.begin('start');
    await running.printed(/ready at/);
    const file = join(folder.path, 'running.backup');
    const { code, out, err } = await folder.call('backup', '--to', file);
    expect([code, err, out]).toEqual([0, '', expect.stringMatching(/running\.backup: \d+ rows .* 2 files/)]);
    const again = await folder.call('backup', '--to', file);
    expect([again.code, again.err]).toEqual([2, expect.stringContaining('already exists')]);
    running.child.kill('SIGTERM');
    await running.ended;
    expect((await folder.call('restore', file, '--check')).code).toBe(0);
  });

  test('an archive gets its name on a share without hard links too, and replaces nothing', async () => {
    const [unfinished, file] = [join(folder.path, 'x.unfinished'), join(folder.path, 'x.backup')];
    // As Linux answers on a share by SMB.
    const refused = async () => {
      throw Object.assign(new Error('operation not supported'), { code: 'EOPNOTSUPP' });
    };
    writeFileSync(unfinished, 'new');
    await giveName(unfinished, file, refused);
    expect([readFileSync(file, 'utf8'), existsSync(unfinished)]).toEqual(['new', false]);
    writeFileSync(unfinished, 'newer');
    for (const link of [refused, undefined]) await expect(giveName(unfinished, file, link)).rejects.toThrow(/exist/i);
    expect(readFileSync(file, 'utf8')).toBe('new');
  });

  test('the key is sent to no socket that another user made in a folder for all', () => {
    const [own, root, other] = [1000, 0, 1001];
    expect(isPortals(own, root, own)).toBe(true);
    expect(isPortals(own, own, root)).toBe(true);
    expect(isPortals(other, root, own)).toBe(false);
    expect(isPortals(other, root, root)).toBe(false);
  });

  test('names files whose bytes are gone, and keeps everything else', async () => {
    const papers = join(folder.path, 'data', 'files', 'ware-house', 'papers');
    const [name = ''] = readdirSync(papers);
    const kept = readFileSync(join(papers, name));
    rmSync(join(papers, name));
    const partial = join(folder.path, 'partial.backup');
    const { code, err } = await folder.call('backup', '--to', partial);
    writeFileSync(join(papers, name), kept);
    expect([code, err]).toEqual([2, expect.stringContaining(`ware-house/papers/${name}: the file store has no file`)]);
    const { code: checked, out } = await folder.call('restore', partial, '--check');
    expect([checked, out]).toEqual([0, expect.stringContaining(`without the file ware-house/papers/${name}`)]);
  });
});

describe('ilearn restore', () => {
  test('refuses what is no sound archive, and changes nothing', async () => {
    const size = statSync(archive).size;
    const damaged = (change: (file: string) => void): string => {
      const file = join(folder.path, 'damaged.backup');
      copyFileSync(archive, file);
      change(file);
      return file;
    };
    const flip = (at: number) => (file: string) => {
      const bytes = readFileSync(file);
      bytes[at] = (bytes[at] as number) ^ 1;
      writeFileSync(file, bytes);
    };
    const changed = /incomplete, or was changed/;
    const target = await portalDatabase();
    const cases: [(file: string) => void, RegExp][] = [
      [(file) => truncateSync(file, size - 1), changed],
      [(file) => truncateSync(file, Math.floor(size / 2)), changed],
      // The boundary of a chunk.
      [(file) => truncateSync(file, 64 + 65_552), changed],
      [(file) => truncateSync(file, 64), changed],
      [(file) => truncateSync(file, 40), /not an archive/],
      [(file) => truncateSync(file, 0), /not an archive/],
      [(file) => writeFileSync(file, Buffer.alloc(100_000, 7)), /not an archive/],
      [(file) => writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.alloc(100)])), changed],
      [flip(size - 1), changed],
      [flip(200), changed],
      [flip(Math.floor(size / 2)), changed],
      [flip(20), /another backup key/],
      [flip(14), /not an archive|has format/],
    ];
    for (const [change, message] of cases) {
      const { code, err } = await withVariables(folder, { DATABASE_URL: target.url }, 'restore', damaged(change));
      expect([code, err]).toEqual([2, expect.stringMatching(message)]);
      expect(err).toMatch(/Nothing was changed/);
    }
    const other = await withVariables(folder, { BACKUP_KEY: 'another key that is as long as it has to be' }, 'restore', archive);
    expect([other.code, other.err]).toEqual([2, expect.stringMatching(/another backup key/)]);
    const absent = await folder.call('restore', join(folder.path, 'absent'));
    expect([absent.code, absent.err]).toEqual([2, expect.stringMatching(/no such file/)]);
    const { rows } = await target.pool.query(`select nspname from pg_namespace where nspname in ('kernel', 'ware_house')`);
    expect(rows).toEqual([]);
  });

  test('refuses a place that is not empty, and software without a plugin or migration of the archive', async () => {
    const full = await folder.call('restore', archive);
    expect([full.code, full.err]).toEqual([
      2,
      expect.stringMatching(/not empty: it has kernel, reader, ware_house.*\n.*--replace/),
    ]);
    const target = await portalDatabase();
    const lacking = warehousePortal({ withReader: false });
    folders.push(lacking);
    lacking.environment['DATABASE_URL'] = target.url;
    const refused = await lacking.call('restore', archive);
    expect([refused.code, refused.err]).toEqual([
      2,
      expect.stringMatching(
        /reader is not in the portal: install warehouse-reader@1\.0\.0 .* or add --without reader\nNothing was changed/,
      ),
    ]);
    expect((await lacking.call('restore', archive, '--without', 'reader')).code).toBe(0);
    const { rows } = await target.pool.query(`select count(*)::int as n from ware_house.crates`);
    expect(rows[0]).toEqual({ n: 3003 });
    expect((await target.pool.query(`select to_regnamespace('reader') as there`)).rows[0]).toEqual({ there: null });
  });

  test('if it fails at the end, removes the files that it wrote, and leaves those that were there', async () => {
    const target = await portalDatabase();
    // Foreign keys follow after all rows and files.
    await target.pool.query(
      `create function refuse() returns event_trigger language plpgsql as $$
         begin if current_query() ~ 'add constraint .* FOREIGN KEY' then raise 'refused at the end'; end if; end $$;
       create event trigger refuse on ddl_command_start execute function refuse()`,
    );
    const files = join(folder.path, 'data', 'files', 'ware-house');
    const [paper = ''] = readdirSync(join(files, 'papers'));
    const [letter = ''] = readdirSync(join(files, 'letters'));
    const [lost, kept] = [readFileSync(join(files, 'papers', paper)), readFileSync(join(files, 'letters', letter))];
    rmSync(join(files, 'papers', paper));
    const { code, err } = await withVariables(folder, { DATABASE_URL: target.url }, 'restore', archive);
    expect([code, err]).toEqual([expect.any(Number), expect.stringContaining('refused at the end')]);
    expect(code).not.toBe(0);
    expect(readdirSync(join(files, 'papers'))).toEqual([]);
    expect(readFileSync(join(files, 'letters', letter)).equals(kept)).toBe(true);
    const { rows } = await target.pool.query(`select nspname from pg_namespace where nspname in ('kernel', 'ware_house')`);
    expect(rows).toEqual([]);
    writeFileSync(join(files, 'papers', paper), lost);
  });

  test('a newer version of a plugin is migrated after its rows are back; an older one is refused', async () => {
    const target = await portalDatabase();
    const settings = { DATABASE_URL: target.url, BACKUP_DATABASE_URL: target.admin };
    expect((await withVariables(newer, settings, 'restore', archive)).code).toBe(0);
    const { rows } = await target.pool.query('select added, count(*)::int as n from ware_house.crates group by 1 order by 1');
    expect(rows).toEqual([
      { added: 7, n: 3002 },
      { added: 8, n: 1 },
    ]);
    const file = join(newer.path, 'newer.backup');
    expect((await withVariables(newer, settings, 'backup', '--to', file)).code).toBe(0);
    const { url } = await portalDatabase();
    const { code, err } = await withVariables(folder, { DATABASE_URL: url }, 'restore', file);
    expect([code, err]).toEqual([2, expect.stringMatching(/ware-house is older .* install version 1\.1\.0 or newer/)]);
  });
});

describe('ilearn move', () => {
  let target: Awaited<ReturnType<typeof portalDatabase>>;
  beforeAll(async () => {
    target = await portalDatabase();
    original = await inEmbedded(join(folder.path, 'data'), async ({ pool }) => {
      await pool.query(
        `insert into kernel.messages (plugin, kind, name, payload, tenants, taken_at, task) values ('ware-house', 'job', 'j', '{}', '"*"', now(), gen_random_uuid())`,
      );
      return rowsOf(pool);
    });
    const { code, out, err } = await withVariables(folder, { TARGET_DATABASE_URL: target.url }, 'move');
    expect([code, err, out]).toEqual([0, '', expect.stringMatching(/^Moved and compared: \d+ rows .*\nSet DATABASE_URL/)]);
  });

  test('takes every row to PostgreSQL, and sets back what only held there', async () => {
    const moved = await rowsOf(target.pool);
    const changed = [...original].filter(([name, rows]) => JSON.stringify(moved.get(name)) !== JSON.stringify(rows));
    // The task of a message that a process had taken, and the name of the queue.
    expect(changed.map(([name]) => name)).toEqual(['kernel.messages']);
    expect(moved.size).toBe(original.size);
    const { rows } = await target.pool.query(`select taken_at, task from kernel.messages`);
    expect(rows).toEqual([{ taken_at: null, task: null }]);
    await target.pool.query(`insert into ware_house.crates (school_id) values ('${south}')`);
    const { rows: last } = await target.pool.query(
      `select max(id)::int as id, max(share) filter (where label = 'n1') as share from ware_house.crates`,
    );
    // The identity goes on, and triggers did not act a second time.
    expect(last).toEqual([{ id: 3004, share: 1 }]);
  });

  test('makes roles, policies and triggers, by which schools stay apart', async () => {
    const { rows } = await target.pool.query(
      `select relname, relrowsecurity and relforcerowsecurity as forced, pg_get_userbyid(relowner) as owner,
         (select count(*)::int from pg_policy where polrelid = c.oid) as policies,
         (select count(*)::int from pg_trigger where tgrelid = c.oid and not tgisinternal and tgenabled = 'O') as triggers,
         (select count(*)::int from pg_constraint where conrelid = c.oid and contype = 'f' and convalidated) as keys
       from pg_class c where relnamespace = 'ware_house'::regnamespace and relkind = 'r' order by 1`,
    );
    const common = { forced: true, owner: 'stored_ware_house__owner', policies: 4 };
    expect(rows).toEqual([
      { relname: 'crates', ...common, triggers: 0, keys: 1 },
      { relname: 'letters', ...common, triggers: 1, keys: 0 },
      { relname: 'moves', ...common, triggers: 1, keys: 1 },
      { relname: 'papers', ...common, triggers: 1, keys: 0 },
    ]);
    const client = new pg.Client({ connectionString: target.url });
    await client.connect();
    await client.query(`begin; set local role stored_ware_house; set local ilearn.tenants = '${north}'`);
    expect((await client.query('select distinct school_id from ware_house.crates')).rows).toEqual([{ school_id: north }]);
    await expect(client.query(`insert into ware_house.crates (school_id) values ('${south}')`)).rejects.toThrow(
      /row-level security/,
    );
    await client.query(`rollback; begin; set local role stored_reader; set local ilearn.tenants = '${north}'`);
    expect((await client.query('select count(*)::int as n from reader.shown')).rows).toEqual([{ n: 2 }]);
    await expect(client.query('select * from ware_house.crates')).rejects.toThrow(/permission denied/);
    await client.end();
  });

  test('the portal serves there, its encrypted files included', async () => {
    const before = folder.environment;
    folder.environment = {
      ...before,
      DATABASE_URL: target.url,
      HOST: '127.0.0.1',
      METRICS_TOKEN_PREVIOUS: 'the token until today',
    };
    const running = folder.begin('start');
    folder.environment = before;
    const url = await running.printed(/ready at (\S+)/).catch((error: Error) => error.message);
    const port = /:(\d+)/.exec(url)?.[1];
    for (const kind of ['papers', 'letters']) {
      const { rows } = await target.pool.query(`select id from ware_house.${kind}`);
      const answer = await fetch(`http://127.0.0.1:${port}/api/ware-house/${kind}/${rows[0]?.id}`);
      expect([answer.status, (await answer.text()).replace(/ +/, ' ')]).toEqual([200, `${kind} end`]);
    }
    // While monitors change to a new token, both are accepted.
    for (const [token, status] of [
      [monitor.authorization.slice(7), 200],
      ['the token until today', 200],
      ['the token until todaY', 403],
    ] as const) {
      const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { authorization: `Bearer ${token}` } });
      expect([token, answer.status]).toEqual([token, status]);
    }
    // The health check of the image.
    const health = () =>
      new Promise((resolve) => {
        const script = join(import.meta.dirname, '../bin/health.js');
        execFile(process.execPath, [script], { env: { PORT: port } }, (error) => resolve(error?.code ?? 0));
      });
    expect(await health()).toBe(0);
    running.child.kill('SIGTERM');
    await running.ended;
    expect(await health()).toBe(1);
  });

  test('a PostgreSQL database is read only by a user who sees all rows, and may change none', async () => {
    const file = join(folder.path, 'server.backup');
    const settings = { DATABASE_URL: target.url };
    const { code, err } = await withVariables(folder, settings, 'backup', '--to', file);
    expect([code, err]).toEqual([2, expect.stringContaining('"stored_portal" is subject to row-level security')]);
    expect(existsSync(file)).toBe(false);
    // The SQL of the message, as an administrator runs it; the page for operators has the same.
    expect(readFileSync(join(import.meta.dirname, '../../docs/operating.md'), 'utf8')).toContain(backupRoleSql('portal'));
    const sql = err.slice(err.indexOf('create role')).replace("'…'", "'pw'");
    await target.pool.query('drop role if exists ilearn_backup').catch(() => {});
    await target.pool.query(sql.slice(0, sql.lastIndexOf(';') + 1));
    cleanUp.push(() => target.pool.query('drop owned by ilearn_backup; drop role ilearn_backup').catch(() => {}));
    const url = new URL(target.url);
    Object.assign(url, { username: 'ilearn_backup', password: 'pw' });
    const read = await withVariables(folder, { ...settings, BACKUP_DATABASE_URL: url.href }, 'backup', '--to', file);
    expect([read.code, read.err]).toEqual([0, '']);
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    for (const refused of ['delete from ware_house.moves', 'set default_transaction_read_only = off; delete from kernel.secrets'])
      await expect(client.query(refused)).rejects.toThrow(/read-only|permission denied/);
    await client.end();
  });

  test('a plan says which tables in use a migration holds up', async () => {
    const { code, out } = await withVariables(newer, { DATABASE_URL: target.url }, 'plan');
    expect(code).toBe(0);
    expect(out).toMatch(
      / {2}ware-house: 0002\n {4}! 0002, line 1: crates has rows changed, which stay locked until the migration commits\.\n {6}→ Run it in a quiet hour/,
    );
  });

  test('a folder gets an archive with the time in its name, and keeps the newest', async () => {
    const settings = { DATABASE_URL: target.url, BACKUP_DATABASE_URL: target.admin };
    const backups = join(folder.path, 'backups');
    mkdirSync(backups);
    for (const old of [
      'ilearn-20260101T000000Z.backup',
      'ilearn-20260102T000000Z.backup',
      // Made while the clock was wrong.
      'ilearn-20990101T000000Z.backup',
      'another.backup',
      'ilearn-x.unfinished',
    ])
      writeFileSync(join(backups, old), '');
    const { code } = await withVariables(folder, settings, 'backup', '--to', backups, '--keep', '2', '--without-files');
    expect(code).toBe(0);
    expect(readdirSync(backups).sort()).toEqual([
      'another.backup',
      expect.stringMatching(/^ilearn-202\d{5}T\d{6}Z\.backup$/),
      'ilearn-20990101T000000Z.backup',
      'ilearn-x.unfinished',
    ]);
    const wrong = await withVariables(folder, settings, 'backup', '--to', backups, '--keep', 'none');
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('--keep takes a number')]);
  });

  test('the gate of a deployment names a database user whom row-level security does not bind', async () => {
    const superuser = await withVariables(folder, { DATABASE_URL: target.admin }, 'doctor', '--strict');
    expect([superuser.code, superuser.out]).toEqual([2, expect.stringContaining('is not subject to row-level security')]);
    const own = await withVariables(folder, { DATABASE_URL: target.url }, 'doctor', '--strict');
    expect(own.out).not.toContain('row-level security');
    expect(own.out).toContain('! The password in DATABASE_URL is weak: it has fewer than 12 characters.');
  });

  test('an archive of PostgreSQL is restored in place of the portal that is there', async () => {
    const file = join(folder.path, 'server.backup');
    const saved = await rowsOf(target.pool);
    await target.pool.query(`delete from ware_house.moves; delete from ware_house.letters; insert into ware_house.papers
      select gen_random_uuid(), name, type, bytes, sha256, thumbnail, sealed, school_id from ware_house.papers`);
    await target.pool.query('delete from kernel.processes');
    const { code, err } = await withVariables(folder, { DATABASE_URL: target.url }, 'restore', file, '--replace');
    expect([code, err]).toEqual([0, '']);
    const restored = await rowsOf(target.pool);
    // The file that only the replaced portal had will be removed from the store.
    expect(restored.get('kernel.file_removals')).toHaveLength(1);
    for (const [name, rows] of saved)
      if (name !== 'kernel.file_removals') expect([name, restored.get(name)]).toEqual([name, rows]);
  });

  test('a copy for tests has an embedded database and files of its own; a full or unnamed target is refused', async () => {
    const copy = join(folder.path, 'copy');
    const settings = { DATABASE_URL: target.url, BACKUP_DATABASE_URL: target.admin };
    const { code, out, err } = await withVariables(folder, settings, 'move', '--to', copy);
    expect([code, err, out]).toEqual([0, '', expect.stringContaining(`DATA_DIR=${copy}`)]);
    expect(readdirSync(join(copy, 'files', 'ware-house')).sort()).toEqual(['letters', 'papers']);
    const copied = await inEmbedded(copy, ({ pool }) => rowsOf(pool));
    for (const [name, rows] of await rowsOf(target.pool)) expect([name, copied.get(name)]).toEqual([name, rows]);
    expect((await withVariables(folder, settings, 'move', '--to', copy)).err).toMatch(/not empty/);
    expect((await folder.call('move')).err).toMatch(/Give one target/);
  });
});
