import type { Composition } from '../plugins/composition.js';
import { dependantsIn } from '../plugins/plugin-graph.js';
import type { Queryable } from '../plugins/plugin-store.js';

/** The plugins that would be disabled together with this one, and which of all these the configuration requires. */
export async function disablingImpact(
  database: Queryable,
  composition: Composition,
  id: string,
): Promise<{ required: string[]; dependants: string[] }> {
  const dependants = await enabledDependants(database, composition, id);
  const required = [id, ...dependants].filter((each) => {
    const entry = composition.find(each);
    return entry !== undefined && composition.isRequired(entry);
  });
  return { required, dependants };
}

/** The enabled plugins that require this one, directly or through others. */
export async function enabledDependants(database: Queryable, composition: Composition, id: string): Promise<string[]> {
  const { rows } = await database.query<{ id: string }>('select id from kernel.plugin_states where not enabled');
  return enabledAmong(composition, new Set(rows.map((row) => row.id)), id);
}

/** The enabled plugins that require this one, directly or through others; `disabled` holds the ids of the disabled ones. */
export const enabledAmong = ({ entries }: Composition, disabled: ReadonlySet<string>, id: string): string[] =>
  dependantsIn(entries, id, (entry) => !disabled.has(entry.id)).map((entry) => entry.id);

/** The id of a plugin in the composition or the database, looked up by id or package name; null if there is none. */
export async function resolvePluginId(database: Queryable, composition: Composition, name: string): Promise<string | null> {
  const entry = composition.find(name);
  if (entry !== undefined) {
    await database.query('insert into kernel.plugin_states (id, origin) values ($1, $2) on conflict do nothing', [
      entry.id,
      entry.origin,
    ]);
    return entry.id;
  }
  const { rows } = await database.query<{ id: string }>(
    `select id from kernel.plugins where id = $1 union select id from kernel.plugin_states where id = $1 or origin = $1`,
    [name],
  );
  return rows[0]?.id ?? null;
}

export async function requestRetry(database: Queryable, id: string): Promise<void> {
  await database.query(`update kernel.plugin_states set retry_asked_at = clock_timestamp() where id = $1`, [id]);
}

export async function setEnabled(database: Queryable, ids: readonly string[], enabled: boolean): Promise<void> {
  await database.query('update kernel.plugin_states set enabled = $2 where id = any($1)', [ids, enabled]);
}
