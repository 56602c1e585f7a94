import { createHash } from 'node:crypto';
import type pg from 'pg';
import { existingMasterKey } from '../access/master-key.js';
import { createPartition } from '../audit/partitions.js';
import { CommandError } from '../contract/work.js';
import type { DatabaseHome } from '../database/homes/home.js';
import { inTransaction } from '../database/homes/transaction.js';
import { kernelMigrations } from '../database/migrations/kernel/index.js';
import { recreateTables } from '../database/migrations/recreate.js';
import { type RoleNames, schemaOf } from '../database/names.js';
import { MissingBytes } from '../files/file-store.js';
import type { FileBytes, FileStorage } from '../files/storage.js';
import type { CheckedPlugin } from '../foundation/plugin.js';
import type { PortalContent, PortalDescription, PortalRecord, Totals } from './content.js';
import { dropPortal, finishLoading, prepareLoading } from './load-tables.js';
import { TableLoader } from './table-loader.js';

export interface Target {
  home: DatabaseHome;
  names: RoleNames;
  /** The plugins of the composition, in load order. */
  plugins: readonly CheckedPlugin[];
  /** Creates the file store, once the master key is known. Null leaves files out. */
  storage: ((key: () => Promise<Uint8Array>) => FileStorage) | null;
  /** The configured master key. */
  key: Uint8Array | undefined;
  /** Ids of plugins whose content is left out. */
  without: readonly string[];
  /** Removes the portal that is in the database. */
  replace: boolean;
}

/**
 * Writes a portal's content to an empty database and file store, in one transaction: either all of it is there, or nothing. What was
 * written is read back and compared before it is committed. Policies and rights follow with the next migration.
 *
 * @throws CommandError if there is a portal already, a plugin or migration is missing, or the content does not fit
 * @throws MasterKeyError if the content was encrypted under another master key
 */
export async function writePortal(target: Target, content: PortalContent): Promise<{ about: PortalDescription; totals: Totals }> {
  const written: FileBytes[] = [];
  const { storage } = target;
  const begin = 'begin; set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0';
  const state = { key: null as Uint8Array | null };
  const store = storage?.(async () => keyOrRefuse(state.key)) ?? null;
  try {
    return await inTransaction(target.home.pool, (client) => write(client, target, content, store, state, written), begin);
  } catch (error) {
    if (store !== null) for (const file of written) await store.remove(file).catch(() => {});
    throw error;
  }
}

function keyOrRefuse(key: Uint8Array | null): Uint8Array {
  if (key === null) throw new CommandError('The content has encrypted files, but no master key.');
  return key;
}

async function write(
  client: pg.PoolClient,
  target: Target,
  content: PortalContent,
  store: FileStorage | null,
  state: { key: Uint8Array | null },
  written: FileBytes[],
): Promise<{ about: PortalDescription; totals: Totals }> {
  const records = content[Symbol.asyncIterator]();
  const take = async (): Promise<PortalRecord> => {
    const { value, done } = await records.next();
    if (done === true) throw new Error('the content ends before its last record');
    return value;
  };
  try {
    const first = await take();
    if (first.kind !== 'portal') throw new Error('the content does not begin with its description');
    const { about } = first;
    const plugins = pluginsFor(about, target);
    const left = new Set(target.without.map(schemaOf));
    const before = target.replace ? await dropPortal(client, target.names) : await mustBeEmpty(client, about);
    await recreateTables(client, plugins, target.names, appliedIn(about));
    for (const { schema, table, partition, bound } of about.partitions) {
      if (schema !== 'kernel' || table !== 'audit_entries' || !/^FOR VALUES FROM \([^;]*\) TO \([^;]*\)$/.test(bound))
        throw new Error(`no way to make the partition ${schema}.${partition}`);
      await createPartition(client, partition, bound);
    }
    const schemas = ['kernel', ...plugins.map(({ id }) => schemaOf(id))];
    const loading = await prepareLoading(client, schemas, target.names);
    const tables = new TableLoader(client, target.names);
    for (;;) {
      const record = await take();
      if (record.kind === 'table') {
        await tables.load(record, take, left.has(record.schema));
        if (record.schema === 'kernel' && record.table === 'secrets')
          state.key = await existingMasterKey(client as never, target.key);
      } else if (record.kind === 'sequences') {
        await tables.setSequences(record.values.filter(({ schema }) => !left.has(schema)));
      } else if (record.kind === 'file') {
        const skipped = store === null || left.has(schemaOf(record.file.plugin));
        await writeFile(record.file, take, skipped ? null : store, written);
      } else if (record.kind === 'end') {
        await finishLoading(client, loading, target.names, { without: target.without, before });
        // Reading on lets an archive check that nothing follows.
        await records.next();
        return { about, totals: record.totals };
      } else throw new Error(`a record of the kind ${record.kind} is out of place`);
    }
  } finally {
    await records.return?.(undefined);
  }
}

function appliedIn({ migrations }: PortalDescription): Map<string, Set<string>> {
  const applied = new Map<string, Set<string>>();
  for (const { plugin, name } of migrations) applied.set(plugin, (applied.get(plugin) ?? new Set()).add(name));
  return applied;
}

/** Refuses a database that is in use. Returns the files that were there: none. */
async function mustBeEmpty(client: pg.PoolClient, { plugins }: PortalDescription): Promise<[]> {
  const { rows } = await client.query<{ name: string }>(
    'select nspname::text as name from pg_namespace where nspname = any($1) order by 1',
    [['kernel', ...plugins.map(({ id }) => schemaOf(id))]],
  );
  if (rows.length === 0) return [];
  throw new CommandError(
    `The database is not empty: it has ${rows.map(({ name }) => name).join(', ')}.\n` +
      '→ Give an empty one, or add --replace to remove the portal that is in it. Nothing was changed.',
  );
}

/** The installed plugins that the content needs. @throws CommandError that lists all that is missing */
function pluginsFor(about: PortalDescription, { plugins, without }: Target): CheckedPlugin[] {
  const faults: string[] = [];
  const wanted = about.plugins.filter(({ id }) => !without.includes(id));
  for (const { id, version, package: name } of wanted) {
    if (plugins.some((plugin) => plugin.id === id)) continue;
    faults.push(
      `  ${id} is not in the portal: install ${name ?? id}@${version} and name it in ilearn.config.ts, or add --without ${id}`,
    );
  }
  for (const id of without) {
    const needs = plugins.filter(({ definition: { requires = {} } }) => Object.hasOwn(requires, id));
    const dependants = needs.filter((plugin) => wanted.some((other) => other.id === plugin.id)).map((plugin) => plugin.id);
    if (dependants.length > 0) faults.push(`  ${id} cannot be left out alone, because ${dependants.join(', ')} require it`);
  }
  const known = new Map<string, readonly string[]>([['kernel', kernelMigrations.map(({ name }) => name)]]);
  for (const { id, definition } of plugins) known.set(id, definition.migrations?.map(({ name }) => name) ?? []);
  for (const { plugin, name } of about.migrations) {
    if (known.get(plugin)?.includes(name) !== false) continue;
    const version = plugin === 'kernel' ? about.software : about.plugins.find(({ id }) => id === plugin)?.version;
    faults.push(`  ${plugin} is older than the content: install version ${version} or newer, which has the migration ${name}`);
  }
  if (faults.length === 0) return plugins.filter(({ id }) => wanted.some((other) => other.id === id));
  throw new CommandError(`The installed software cannot take this portal:\n${faults.join('\n')}\nNothing was changed.`);
}

/**
 * Writes one file, whose content `take` gives. What arrived damaged is not stored: its row stays, as it was. A file that the store has already
 * stays too.
 *
 * @param written gets the files that the store did not have
 */
async function writeFile(
  file: FileBytes & { bytes: number; sha256: string | null; sealed: boolean },
  take: () => Promise<PortalRecord>,
  store: FileStorage | null,
  written: FileBytes[],
): Promise<void> {
  let fault: string | null = null;
  const parts = async function* () {
    for (;;) {
      const record = await take();
      if (record.kind === 'bytes') yield record.bytes;
      else if (record.kind === 'file-end') {
        fault = record.fault;
        return;
      } else throw new Error(`a record of the kind ${record.kind} is out of place`);
    }
  };
  if (store === null) {
    for await (const _ of parts());
    return;
  }
  const spooled = await store.spool(parts(), file, file.sealed);
  const { bytes, sha256 } = spooled.plain;
  if (fault !== null) return store.discard(spooled);
  if (bytes !== file.bytes || (file.sha256 !== null && sha256 !== file.sha256)) {
    await store.discard(spooled);
    throw new Error(`the file ${file.plugin}/${file.kind}/${file.id} differs from its row`);
  }
  const before = await hashInStore(store, file);
  if (before === sha256) return store.discard(spooled);
  // A thumbnail is removed with its file.
  if (before === null && !file.thumbnail) written.push(file);
  await store.put(file, spooled);
}

/** The hash of what the store has under the name of a file; empty if it cannot be read, null if there is nothing. */
async function hashInStore(store: FileStorage, file: FileBytes & { bytes: number; sealed: boolean }): Promise<string | null> {
  // The store is not asked for files without content.
  if (file.bytes === 0) return null;
  const hash = createHash('sha256');
  try {
    for await (const part of store.read(file, file.bytes, file.sealed)) hash.update(part);
    return hash.digest('hex');
  } catch (error) {
    return error instanceof MissingBytes ? null : '';
  }
}
