import type { z } from 'zod';
import { SUPPORTED_CONTRACTS } from '../../contract/version.js';
import type { DatabaseHome } from '../../database/homes/home.js';
import { kernelMigrations } from '../../database/migrations/kernel/index.js';
import { schemaOf } from '../../database/names.js';
import type { CheckedPlugin } from '../../foundation/plugin.js';
import { KERNEL_VERSION } from '../../foundation/version.js';
import { pendingRisks } from '../pending-risks.js';

/**
 * `fails`: work that waits would fail. `breaks`: the version before cannot work beside the new one. `waits`: requests are held up for a while.
 * `note`: nothing needs to be done first.
 */
export interface Finding {
  effect: 'fails' | 'breaks' | 'waits' | 'note';
  text: string;
  remedy?: string;
}

/** What the database holds of the version before. */
export interface Stored {
  /** Plugin → version that last migrated it. */
  versions: ReadonlyMap<string, string>;
  /** Fields set for the portal or for tenants, without secrets. */
  settings: readonly { plugin: string; tenant: string; fields: Readonly<Record<string, unknown>> }[];
  /** Events and jobs that are not done. */
  messages: readonly { plugin: string; kind: 'event' | 'job'; name: string; count: number }[];
  /** `schema.table` */
  standing: ReadonlySet<string>;
}

/** Empty for a database that no portal has used. */
export async function readStored({ pool }: DatabaseHome, standing: ReadonlySet<string>): Promise<Stored> {
  const read = async <R extends object>(table: string, text: string): Promise<R[]> =>
    standing.has(`kernel.${table}`) ? (await pool.query<R>(text)).rows : [];
  const versions = await read<{ id: string; version: string }>('plugins', 'select id, version from kernel.plugins');
  return {
    versions: new Map(versions.map(({ id, version }) => [id, version])),
    settings: await read('settings', 'select plugin, tenant, fields from kernel.settings order by plugin, tenant'),
    messages: await read(
      'messages',
      'select plugin, kind, name, count(*)::int as count from kernel.messages where failed_at is null group by 1, 2, 3 order by 1, 2, 3',
    ),
    standing,
  };
}

/** `1.2.0 → 1.3.0`, `1.3.0`, or `new, 1.3.0`. */
export function versionStep(before: string | undefined, now: string): string {
  if (before === undefined) return `new, ${now}`;
  return before === now ? now : `${before} → ${now}`;
}

/** @param pending names of its migrations that are not applied yet */
export function findingsOf(plugin: CheckedPlugin, pending: readonly string[], stored: Stored): Finding[] {
  const { id, definition, contract } = plugin;
  const isNew = !stored.versions.has(id);
  return [
    ...ofContract(id, contract),
    ...ofMigrations(definition.migrations ?? [], pending, schemaOf(id), isNew ? new Set() : stored.standing),
    ...ofSettings(plugin, stored),
    ...ofMessages(plugin, stored),
  ];
}

/** Of the kernel's own migrations. */
export const findingsOfKernel = (pending: readonly string[], { standing }: Stored): Finding[] =>
  ofMigrations(kernelMigrations, pending, 'kernel', standing);

function ofContract(id: string, contract: number): Finding[] {
  const { newest } = SUPPORTED_CONTRACTS;
  if (contract === newest) return [];
  const text = `It is written for contract ${contract}; the newest of kernel ${KERNEL_VERSION} is ${newest}.`;
  const remedy = `It works with this kernel. Its author rewrites it with: ilearn plugin upgrade. Look for a newer release of ${id}.`;
  return [{ effect: 'note', text, remedy }];
}

function ofMigrations(
  migrations: readonly { name: string; up: unknown }[],
  pending: readonly string[],
  schema: string,
  standing: ReadonlySet<string>,
): Finding[] {
  const risks = pendingRisks(migrations as never, pending, schema, standing).map(
    ({ effect, migration, line, table, what, remedy }): Finding => ({
      effect,
      text: `Migration ${migration}, line ${line}: ${table} ${what}`,
      remedy,
    }),
  );
  const inCode = migrations.filter(({ name, up }) => pending.includes(name) && typeof up !== 'string').map(({ name }) => name);
  if (inCode.length === 0 || standing.size === 0) return risks;
  const text = `Written in code, and not judged: ${inCode.join(', ')}.`;
  return [...risks, { effect: 'note', text, remedy: 'Read the release notes; rehearse it on a copy.' }];
}

/** Values that the new version does not know, or refuses: they stay stored, and are not used. */
function ofSettings({ id, definition: { settings } }: CheckedPlugin, stored: Stored): Finding[] {
  const places = new Map<string, { what: string; tenants: Set<string> }>();
  for (const { plugin, tenant, fields } of stored.settings) {
    if (plugin !== id) continue;
    const shape = (tenant === '' ? settings?.portal : settings?.tenant)?.shape as Record<string, z.ZodType> | undefined;
    for (const [field, value] of Object.entries(fields)) {
      const schema = shape !== undefined && Object.hasOwn(shape, field) ? shape[field] : undefined;
      const isSecret = typeof value === 'object' && value !== null && 'sealed' in value;
      if (schema !== undefined && (isSecret || schema.safeParse(value).success)) continue;
      const what = schema === undefined ? 'no longer exists' : 'has a value that the new version refuses';
      const place = places.get(`${field} ${what}`) ?? { what: `The setting ${field} ${what}`, tenants: new Set() };
      place.tenants.add(tenant);
      places.set(`${field} ${what}`, place);
    }
  }
  return [...places.values()].map(({ what, tenants }): Finding => {
    const schools = tenants.size - (tenants.has('') ? 1 : 0);
    const where = [tenants.has('') ? 'the portal' : '', schools > 0 ? `${schools} tenants` : ''].filter((text) => text !== '');
    const remedy = 'The value stays stored and its default is used. Note it (ilearn settings get) and set what replaces it.';
    return { effect: 'note', text: `${what}; it is set for ${where.join(' and ')}.`, remedy };
  });
}

/** Work that waits for a handler which the new version does not have. */
function ofMessages({ id, definition: { jobs = {}, on = {} } }: CheckedPlugin, stored: Stored): Finding[] {
  return stored.messages
    .filter(({ plugin, kind, name }) => plugin === id && !Object.hasOwn(kind === 'job' ? jobs : on, name))
    .map(({ kind, name, count }) => ({
      effect: 'fails',
      text: `${count} ${count === 1 ? 'message waits' : 'messages wait'} for the ${kind} handler ${name}, which the new version does not have.`,
      remedy: 'Let the version before finish them first (/beheer/wachtrijen), or delete them there.',
    }));
}
