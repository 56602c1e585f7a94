import type pg from 'pg';
import { usedBy } from '../../contract/dependencies.js';
import type { PluginDefinition } from '../../contract/plugin.js';
import type { Migration } from '../../contract/table.js';
import { MigrationFailure, runMigration } from '../../database/migrations/run-migration.js';
import { quote, schemaAccessOf, schemaOf } from '../../database/names.js';
import { policyNames, triggerNames } from '../../database/rights/row-level-security.js';
import { setIdentity } from '../../database/unit/sql-identity.js';
import type { Findings } from './finding.js';
import type { ScratchPortal } from './scratch-portal.js';
import type { Subject } from './subject.js';

/** A schedule may start a job while the check waits for its tables. */
const TRIES = 3;

/**
 * Checks that `down` removes everything created by `up`, and that `up` then creates the same again, in a transaction that is rolled back.
 */
export async function checkMigrations({ definition }: Subject, portal: ScratchPortal, findings: Findings): Promise<void> {
  const { id } = definition;
  const { migrations = [] } = portal.plugins.find((plugin) => plugin.id === id) ?? definition;
  if (migrations.length === 0) {
    findings.skipped('migrations', 'It has none.');
    return;
  }
  for (let tries = 1; (await runDownAndUp(definition, migrations, portal, findings, tries < TRIES)) === 'locked'; tries++) {
    await portal.platform.drain();
  }
}

/** @param again whether to return `locked` instead of a finding if another transaction holds a lock */
async function runDownAndUp(
  definition: PluginDefinition,
  migrations: readonly Migration[],
  portal: ScratchPortal,
  findings: Findings,
  again: boolean,
): Promise<'locked' | 'done'> {
  const { id } = definition;
  const schema = schemaOf(id);
  const territory = schemaAccessOf({ id, definition });
  const { pool } = await portal.platform.platform.home();
  const client = await pool.connect();
  const as = (plugin: string) =>
    client.query(setIdentity({ role: portal.names.owner(plugin), schema: schemaOf(plugin), tenants: '*', viewer: 'privacy' }));
  try {
    await client.query('begin');
    // Views of dependent plugins may use views of this one.
    for (const other of [...portal.plugins].reverse()) {
      if (other.id === id || !requiresIt(other.id, id, portal)) continue;
      await as(other.id);
      await client.query(`drop schema if exists ${quote(schemaOf(other.id))} cascade`);
    }
    await as(id);
    const describe = () => describeSchema(client, schema, Object.keys(definition.files ?? {}));
    const before = await describe();
    await dropPolicies(client, schema);
    for (const { name, down } of [...migrations].reverse())
      await runMigration(client, { name: `${name} (down)`, up: down, down }, territory);
    for (const left of await describe()) {
      findings.failed('migrations', `Its down leaves behind: ${left}.`, 'Let down remove everything that up created.');
    }
    if (findings.hasFailed('migrations')) return 'done';
    for (const migration of migrations) await runMigration(client, migration, territory);
    const after = await describe();
    for (const line of [
      ...before.filter((each) => !after.includes(each)),
      ...after.filter((each) => !before.includes(each)),
    ].slice(0, 5)) {
      findings.failed(
        'migrations',
        `Its up creates something else after down: ${line}.`,
        'Let each up depend only on what the migrations before it create.',
      );
    }
    findings.passedUnlessFailed('migrations', `${migrations.length} up, down and up again: the same ${after.length} objects`);
  } catch (error) {
    if (again && /lock timeout/.test((error as Error).message)) return 'locked';
    const { where, remedy } = error instanceof MigrationFailure ? error : { where: 'migrations', remedy: 'Fix the migration.' };
    findings.failed('migrations', `${where}: ${(error as Error).message}`, remedy);
  } finally {
    await client.query('rollback');
    client.release();
  }
  return 'done';
}

const requiresIt = (other: string, id: string, portal: ScratchPortal, seen = new Set<string>()): boolean => {
  if (seen.has(other)) return false;
  seen.add(other);
  const requires = usedBy(portal.plugins.find((plugin) => plugin.id === other) ?? {});
  return requires.includes(id) || requires.some((each) => requiresIt(each, id, portal, seen));
};

/** Policies of the kernel refer to columns that `down` may drop. */
async function dropPolicies(client: pg.ClientBase, schema: string): Promise<void> {
  const { rows } = await client.query<{ tablename: string; policyname: string }>(
    'select tablename, policyname from pg_policies where schemaname = $1 and policyname = any ($2)',
    [schema, policyNames],
  );
  for (const { tablename, policyname } of rows)
    await client.query(`drop policy ${quote(policyname)} on ${quote(schema)}.${quote(tablename)}`);
}

/** Every part of a schema that a migration can create; policies, their triggers, grants and tables of files belong to the kernel. */
async function describeSchema(client: pg.ClientBase, schema: string, files: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ part: string }>(
    `with relations as (
       select c.* from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and not c.relispartition
         and c.relname <> all ($2))
     select case relkind when 'v' then 'view ' || relname || ' ' || pg_get_viewdef(oid) when 'S' then 'sequence ' || relname
       else 'table ' || relname end as part from relations where relkind in ('r', 'p', 'v', 'm', 'S', 'f')
     union all select 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
         || case when a.attnotnull then ' not null' else '' end || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
       from relations c join pg_attribute a on a.attrelid = c.oid left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
       where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
     union all select 'index ' || pg_get_indexdef(i.indexrelid) from relations c join pg_index i on i.indrelid = c.oid
     union all select 'constraint ' || c.relname || '.' || k.conname || ' ' || pg_get_constraintdef(k.oid)
       from relations c join pg_constraint k on k.conrelid = c.oid where k.contype <> 'n'
     union all select 'trigger ' || pg_get_triggerdef(t.oid) from relations c join pg_trigger t on t.tgrelid = c.oid where not t.tgisinternal
       and t.tgname <> all ($3)
     union all select 'function ' || p.proname || ' ' || md5(pg_get_functiondef(p.oid))
       from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = $1 and p.prokind in ('f', 'p')
     union all select 'type ' || t.typname from pg_type t join pg_namespace n on n.oid = t.typnamespace
       where n.nspname = $1 and t.typtype in ('e', 'd')
     order by 1`,
    [schema, files, triggerNames],
  );
  return rows.map(({ part }) => part.replace(/\s+/g, ' '));
}
