import type pg from 'pg';
import type { CheckedPlugin } from '../../foundation/plugin.js';
import { quote, type RoleNames, schemaAccessOf, schemaOf } from '../names.js';
import { grantReading } from '../rights/grants.js';
import { ensureRoles } from '../rights/roles.js';
import { tenantSettings } from '../unit/sql-identity.js';
import { applyPending } from './apply-pending.js';
import { makeFileTables } from './file-tables.js';
import { kernelMigrations } from './kernel/index.js';
import { prepareKernel } from './migrate.js';

/** Names of the migrations that another database had applied, by plugin and for `kernel`. */
export type AppliedNames = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Creates the tables of the kernel and of plugins as another database has them, in the caller's transaction: only the migrations that it had
 * applied are run. Policies and rights are left to {@link migrate}; until then nobody but the portal's user can use the tables.
 *
 * @param plugins in load order
 * @param wanted of which tables are created; the others are there already
 * @throws MissingRightsError, MigrationFailure
 */
export async function recreateTables(
  client: pg.PoolClient,
  plugins: readonly CheckedPlugin[],
  names: RoleNames,
  applied: AppliedNames,
  wanted: readonly CheckedPlugin[] = plugins,
): Promise<void> {
  const ids = wanted.map(({ id }) => id);
  const report = { applied: {}, newer: {}, faults: [] };
  const had = (id: string, name: string) => applied.get(id)?.has(name) === true;
  await ensureRoles(client, ids, names);
  await prepareKernel(
    client,
    report,
    kernelMigrations.filter(({ name }) => had('kernel', name)),
  );
  for (const plugin of wanted) {
    const { id, definition } = plugin;
    const role = names.owner(id);
    const schema = quote(schemaOf(id));
    await client.query(`create schema if not exists ${schema} authorization ${quote(role)}; set local role ${quote(role)}`);
    await client.query([`set local search_path = ${schema}, pg_temp`, ...tenantSettings('*')].join('; '));
    await grantReading(client, plugin, plugins, names);
    await makeFileTables(client, plugin);
    const migrations = (definition.migrations ?? []).filter(({ name }) => had(id, name));
    await applyPending(client, id, migrations, new Map(), report, { role, access: schemaAccessOf(plugin) });
    await client.query('set local role none; set local search_path = pg_catalog, kernel, pg_temp');
  }
}
