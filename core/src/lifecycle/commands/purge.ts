import type pg from 'pg';
import { inTransaction } from '../../database/homes/transaction.js';
import { quote, schemaOf } from '../../database/names.js';
import { tenantSettings } from '../../database/unit/sql-identity.js';
import { sweep } from '../../files/sweep.js';
import { enabledDependants, resolvePluginId } from '../operator-requests.js';
import { type CommandContext, type PluginCommand, refused, succeeded, unknownPlugin } from './command.js';

/** Deletes everything that a plugin has in the database; without `yes` it only lists what would be deleted. */
export const purge: PluginCommand = async (context, { id, options }) => {
  const name = await resolvePluginId(context.home.pool, context.composition, id);
  if (name === null) return unknownPlugin(id, context.composition);
  const refusal = await whyNot(context, name);
  if (refusal !== null) return refusal;
  const found = await inventory(context, name);
  if (found.dependants.length > 0) {
    return refused(`Views of other plugins depend on its views: ${found.dependants.join(', ')}.`, '→ Purge those plugins first.');
  }
  if (options.yes !== true) return succeeded(...found.lines, '', `Nothing was removed. → ilearn plugin purge ${name} --yes`);
  const kept = await remove(context, name);
  kept.push(...(await removeFiles(context)));
  return succeeded(...found.lines, '', 'Removed.', ...kept);
};

async function whyNot(context: CommandContext, id: string) {
  const { rows } = await context.home.pool.query<{ enabled: boolean }>('select enabled from kernel.plugin_states where id = $1', [
    id,
  ]);
  const inPortal = context.composition.find(id) !== undefined;
  if (inPortal && rows[0]?.enabled !== false) {
    return refused(`${id} is enabled.`, `→ ilearn plugin disable ${id}, or remove it from ilearn.config.ts and start again.`);
  }
  const dependants = await enabledDependants(context.home.pool, context.composition, id);
  if (dependants.length === 0) return null;
  return refused(`${dependants.join(', ')} require it.`, `→ Disable ${dependants.join(', ')} first.`);
}

async function inventory({ home, names }: CommandContext, id: string): Promise<{ lines: string[]; dependants: string[] }> {
  const { pool } = home;
  const schema = schemaOf(id);
  const relations = await pool.query<{ name: string; kind: string; grantees: string[] }>(
    `select c.relname::text as name, c.relkind::text as kind, coalesce(array_agg(distinct r.rolname::text) filter (
         where r.rolname is not null and r.rolname <> all ($2)), '{}') as grantees
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     left join lateral aclexplode(c.relacl) acl on true left join pg_roles r on r.oid = acl.grantee
     where n.nspname = $1 and c.relkind in ('r', 'p', 'v', 'm') group by 1, 2 order by 2, 1`,
    [schema, [names.runtime(id), names.owner(id)]],
  );
  const roles = await pool.query<{ name: string }>('select rolname::text as name from pg_roles where rolname = any($1)', [
    [names.runtime(id), names.owner(id)],
  ]);
  const others = await pool.query<{ name: string }>(
    `select distinct n.nspname || '.' || c.relname as name
     from pg_depend d join pg_rewrite w on w.oid = d.objid join pg_class c on c.oid = w.ev_class
     join pg_namespace n on n.oid = c.relnamespace
     join pg_class t on t.oid = d.refobjid join pg_namespace tn on tn.oid = t.relnamespace
     where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass and tn.nspname = $1 and n.nspname <> $1`,
    [schema],
  );
  const own = await pool.query<{ messages: number; schedules: number; migrations: number }>(
    `select (select count(*)::int from kernel.messages where plugin = $1) as messages,
       (select count(*)::int from kernel.schedules where plugin = $1) as schedules,
       (select count(*)::int from kernel.migrations where plugin = $1) as migrations`,
    [id],
  );
  const lines = [`schema     ${schema}`];
  for (const { name, kind, grantees } of relations.rows) {
    const counted = kind === 'v' ? '' : `  ${await countRows(pool, names.owner(id), `${quote(schema)}.${quote(name)}`)} rows`;
    lines.push(`${kind === 'v' ? 'view ' : 'table'}      ${name}${counted}`);
    if (grantees.length > 0) lines.push(`           read by ${grantees.join(', ')}`);
  }
  for (const { name } of roles.rows) lines.push(`role       ${name}`);
  const files = await pool.query<{ files: string; bytes: string }>(
    'select coalesce(sum(files), 0) as files, coalesce(sum(bytes), 0) as bytes from kernel.file_usage where plugin = $1',
    [id],
  );
  const { files: count = '0', bytes = '0' } = files.rows[0] ?? {};
  if (count !== '0') lines.push(`files      ${count}, ${bytes} bytes`);
  const { messages = 0, schedules = 0, migrations = 0 } = own.rows[0] ?? {};
  lines.push(`history    ${migrations} migrations · ${messages} waiting messages · ${schedules} schedules`);
  return { lines, dependants: others.rows.map(({ name }) => name) };
}

/** Counts under the owner's role, for all tenants. */
function countRows(pool: pg.Pool, owner: string, table: string): Promise<number> {
  return inTransaction(pool, async (client) => {
    await client.query([`set local role ${quote(owner)}`, ...tenantSettings('*')].join('; '));
    const { rows } = await client.query<{ count: number }>(`select count(*)::int from ${table}`);
    return rows[0]?.count ?? 0;
  });
}

/** Removes the files whose tables were dropped. Returns messages about those that remain. */
async function removeFiles({ home, storage }: CommandContext): Promise<string[]> {
  try {
    await sweep(home, storage, false);
    return [];
  } catch (error) {
    return [
      `Its files remain in the file store (${(error as Error).message}). → A running portal removes them when it can reach the store.`,
    ];
  }
}

/** Returns messages about roles that remain. */
function remove({ home, names, composition }: CommandContext, id: string): Promise<string[]> {
  return inTransaction(home.pool, async (client) => {
    const kept: string[] = [];
    const { rowCount } = await client.query('select from pg_namespace where nspname = $1', [schemaOf(id)]);
    if (rowCount !== 0) {
      await client.query(`set local role ${quote(names.owner(id))}`);
      await client.query(`drop schema ${quote(schemaOf(id))} cascade`);
      await client.query('set local role none');
    }
    for (const table of ['messages', 'schedules', 'migrations', 'tenants', 'live_messages', 'settings']) {
      await client.query(`delete from kernel.${table} where plugin = $1`, [id]);
    }
    await client.query('delete from kernel.plugins where id = $1', [id]);
    // The plugin stays disabled while the configuration names it; otherwise the next start would create it again.
    if (composition.find(id) === undefined) await client.query('delete from kernel.plugin_states where id = $1', [id]);
    for (const role of [names.runtime(id), names.owner(id)]) kept.push(...(await dropRole(client, role)));
    return kept;
  });
}

async function dropRole(client: pg.PoolClient, role: string): Promise<string[]> {
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role]);
  if (rowCount === 0) return [];
  await client.query('savepoint role');
  try {
    // Runs as the connecting user. Grants made by owners of other schemas can be revoked only by them, or by roles that act for them.
    await client.query(`drop owned by ${quote(role)} cascade`);
    await client.query(`drop role ${quote(role)}`);
    return [];
  } catch (error) {
    await client.query('rollback to savepoint role');
    const cause = (error as Error).message;
    return [
      `The role ${role} remains (${cause}). → As an administrator: drop owned by ${quote(role)}; drop role ${quote(role)};`,
    ];
  }
}
