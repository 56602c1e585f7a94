// `npm run drill`: backs the demonstration up, restores it into an empty database and an empty folder, and proves that everything is back:
// rows, policies, the separation of schools as the portal's own roles see it, files, sequences, and that the portal serves. Takes about five
// minutes. PostgreSQL: TEST_DATABASE_URL when set (a superuser), else one from npm.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDemonstration } from './demonstration.mjs';
import { connect, end, firstDifference, prove, query, say, serves, tablesOf } from './drill-proofs.mjs';
import { startPostgres } from './postgres.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'ilearn-drill-'));
const archive = join(work, 'portal.backup');
const password = 'drill';
const prefix = 'drill';

/** Runs `ilearn` in this repository; its exit code must be 0. */
function ilearn(args, environment) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['core/bin/ilearn.js', ...args], {
      cwd: root,
      env: { ...process.env, DATABASE_ROLE_PREFIX: prefix, BACKUP_KEY_FILE: join(work, 'backup.key'), ...environment },
    });
    let out = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (out += bytes));
    child.once('exit', (code) =>
      code === 0 ? resolve(out) : reject(new Error(`ilearn ${args[0]} ended with ${code}:\n${out}`)),
    );
  });
}

/** Policies, row-level security, owners, triggers, constraints, indexes and grants, as text. */
const structure = `
  select 'policy ' || schemaname || '.' || tablename || ' ' || policyname || ' ' || cmd || ' ' || coalesce(qual, '') || coalesce(with_check, '') as line from pg_policies
  union all select 'table ' || c.oid::regclass || ' ' || c.relrowsecurity || c.relforcerowsecurity || ' ' || c.relowner::regrole || ' '
      || coalesce((select string_agg(a::text, ',' order by a::text) from unnest(c.relacl) a), '')
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p', 'v') and n.nspname !~ '^(pg_|information_schema$|public$)'
  union all select 'trigger ' || t.tgrelid::regclass || ' ' || t.tgname || ' ' || t.tgenabled::text from pg_trigger t where not tgisinternal
  union all select 'constraint ' || k.conrelid::regclass || ' ' || k.conname || ' ' || pg_get_constraintdef(k.oid) from pg_constraint k
    where k.conrelid <> 0 and k.contype <> 'n' and k.connamespace::regnamespace::text !~ '^(pg_|information_schema)'
  union all select 'index ' || indexdef from pg_indexes where schemaname !~ '^(pg_|information_schema)' order by 1`;

const asMap = (rows) => new Map(rows.map(({ line }) => [line, 'there']));

/** What each plugin's own role sees of each of its tables: for nobody's schools, and for one school. */
async function visible(client, school) {
  const tables = await query(
    client,
    `select p.id, replace(p.id, '-', '_') as schema, c.relname as name from kernel.plugins p join pg_namespace n on n.nspname = replace(p.id, '-', '_')
     join pg_class c on c.relnamespace = n.oid where c.relkind in ('r', 'p') and c.relrowsecurity order by 2, 3`,
  );
  const found = new Map();
  for (const { schema, name } of tables) {
    const counts = [];
    for (const tenants of ['00000000-0000-4000-8000-000000000000', school]) {
      await client.query('begin');
      await client.query(`set local role "${prefix}_${schema}"`);
      await client.query(`select set_config('ilearn.tenants', $1, true), set_config('ilearn.all_tenants', 'off', true)`, [
        tenants,
      ]);
      const [row] = await query(client, `select count(*)::int as n from "${schema}"."${name}"`).catch((error) => [
        { n: error.message },
      ]);
      counts.push(row.n);
      await client.query('rollback');
    }
    found.set(`${schema}.${name}`, counts.join(' and '));
  }
  return found;
}

/** Identity columns and serials whose next value is taken already. */
async function behind(client) {
  const columns = await query(
    client,
    `select format('%I.%I', n.nspname, c.relname) as table, a.attname as column, pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname) as sequence
     from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0 and not a.attisdropped and n.nspname !~ '^(pg_|information_schema)'
       and pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname) is not null`,
  );
  for (const { table, column, sequence } of columns) {
    const [row] = await query(client, `select nextval($1) <= coalesce((select max("${column}") from ${table}), 0) as taken`, [
      sequence,
    ]);
    if (row.taken) return `${sequence} gives a number that ${table} has already`;
  }
  return null;
}

/** Files in clear are compared with the hash in their row; encrypted ones were decrypted and compared by the restore. */
async function wrongFile(client, folder) {
  let count = 0;
  for (const { plugin, kind } of await query(client, 'select plugin, kind from kernel.file_kinds')) {
    const rows = await query(client, `select id, sha256 from "${plugin.replaceAll('-', '_')}"."${kind}" where not sealed`);
    for (const { id, sha256 } of rows) {
      count++;
      const hash = createHash('sha256')
        .update(readFileSync(join(folder, 'files', plugin, kind, id)))
        .digest('hex');
      if (hash !== sha256) return { count, fault: `${plugin}/${kind}/${id} has another content` };
    }
  }
  return { count, fault: null };
}

const server = await startPostgres();
const admin = await connect(server.url);
const clients = [admin];
process.env.DATABASE_ROLE_PREFIX = prefix;
try {
  writeFileSync(join(work, 'backup.key'), `${createHash('sha256').update(`${process.pid}`).digest('base64')}\n`, { mode: 0o600 });
  const databases = {};
  await query(admin, `create role drill_portal login createrole password '${password}'`);
  for (const name of ['drill_source', 'drill_target']) {
    await query(admin, `create database ${name} owner drill_portal`);
    const url = new URL(server.url);
    url.pathname = `/${name}`;
    const own = new URL(url);
    Object.assign(own, { username: 'drill_portal', password });
    databases[name] = { admin: url.href, own: own.href };
  }
  const { drill_source: source, drill_target: target } = databases;
  const folders = { source: join(work, 'source'), target: join(work, 'target'), embedded: join(work, 'embedded') };

  say('the demonstration is filled');
  await (await startDemonstration({ databaseUrl: source.own, folder: folders.source })).stop();
  const from = await connect(source.admin);
  clients.push(from);
  await query(from, `create role drill_backup login bypassrls password '${password}'; grant pg_read_all_data to drill_backup`);
  const reading = new URL(source.own);
  reading.username = 'drill_backup';
  const ofSource = { DATABASE_URL: source.own, DATA_DIR: folders.source, BACKUP_DATABASE_URL: reading.href };
  say((await ilearn(['backup', '--to', archive], ofSource)).trim());

  say((await ilearn(['restore', archive], { DATABASE_URL: target.own, DATA_DIR: folders.target })).trim());
  const to = await connect(target.admin);
  clients.push(to);
  const rows = await tablesOf(from);
  prove(`rows of ${rows.size} tables, by count and hash`, firstDifference(rows, await tablesOf(to)));
  const wanted = asMap(await query(from, structure));
  prove(
    `${wanted.size} policies, owners, grants, triggers, constraints and indexes`,
    firstDifference(wanted, asMap(await query(to, structure))),
  );
  const [{ id: school }] = await query(from, `select id from kernel.tenants where kind = 'school' order by id limit 1`);
  const seen = await visible(from, school);
  const [own, other] = [await connect(source.own), await connect(target.own)];
  clients.push(own, other);
  prove(
    `what the portal's roles see of ${seen.size} tables, for one school and for none`,
    firstDifference(await visible(own, school), await visible(other, school)),
  );
  prove('sequences are ahead of their rows', await behind(to));
  const files = await wrongFile(to, folders.target);
  prove(`${files.count} files in clear, by hash`, files.fault);
  await serves('the restored portal', target.own, folders.target);

  say((await ilearn(['restore', archive], { DATABASE_URL: '', DATA_DIR: folders.embedded })).trim());
  await serves('the portal restored into an embedded database', '', folders.embedded);
} finally {
  for (const client of clients) await client.end().catch(() => {});
  const last = await connect(server.url);
  for (const name of ['drill_source', 'drill_target']) await last.query(`drop database if exists ${name} with (force)`);
  await last.end();
  await server.stop();
  rmSync(work, { recursive: true, force: true });
}
end();
