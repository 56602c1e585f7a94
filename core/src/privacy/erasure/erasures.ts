import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Unit } from '../../context/unit.js';
import type { ErasureStatus } from '../../contract/privacy.js';
import type { Logger } from '../../contract/services.js';
import type { DatabaseHome } from '../../database/homes/home.js';
import { describeError } from '../../foundation/log.js';
import type { WorkRunner } from '../../unit-of-work/work-runner.js';
import { choiceTables } from '../choices/choices.js';
import { absentPlugins, type PrivatePlugin } from '../person-table.js';
import { eraseStatements } from './erasure-statements.js';
import { inBatches } from './in-batches.js';

/** Another process takes over an erasure whose lease was not renewed for this long. */
const LEASE_SECONDS = 20;
const BEAT_MS = 5_000;
const MOST_PASSES = 5;
/** One more than a page of 100 shows, so that the page can indicate that there are more. */
const LISTED = 101;
const LONGEST_WAIT_MS = 60_000;

export interface ErasureParts {
  home: DatabaseHome;
  runner: WorkRunner;
  log: Logger;
  /** The plugins of this portal, each after those that it requires. */
  plugins(): Promise<PrivatePlugin[]>;
  /** Removes deleted files from their store. */
  removeBytes(): Promise<unknown>;
  /** Aborted when the process ends; another process continues. */
  signal: AbortSignal;
}

/**
 * The kernel's own tables, as `t`, with the condition for rows that name the person `$1`. They are deleted, or with `set` anonymised.
 */
export const kernelErasure: { table: string; condition: string; set?: string }[] = [
  { table: 'sessions', condition: 't.person_id = $1' },
  { table: 'role_grants', condition: 't.person_id = $1' },
  // Deleting the message of a running handler waits for the handler; a later pass finds what the handler wrote.
  { table: 'messages', condition: `t::text like '%' || $1::text || '%'` },
  { table: 'live_messages', condition: `t.topic || t.payload::text like '%' || $1::text || '%'` },
  { table: 'exports', condition: 't.person_id = $1 or t.asked_by = $1' },
  { table: 'audit_pseudonyms', condition: 't.id = $1' },
  ...choiceTables.flatMap((table) => [
    { table, condition: 't.person_id = $1' },
    {
      table,
      condition: 't.recorded_by = $1 or t.withdrawn_by = $1',
      set: 'recorded_by = nullif(recorded_by, $1), withdrawn_by = nullif(withdrawn_by, $1)',
    },
  ]),
];

/**
 * Erases people. Each erasure has a record in `kernel.erasures`, which survives the process. First, sessions and roles are deleted; then
 * running work is awaited; then tables are processed in batches until nothing is found. An interrupted erasure starts again and finds less.
 * When it is done, the person's id is removed from the record.
 */
export class Erasures {
  readonly #holder = randomUUID();

  constructor(private readonly parts: ErasureParts) {}

  /** Records the request in the current unit of work. If the person is already being erased, that erasure is used. */
  async request(unit: Unit, personId: string): Promise<string> {
    const { rows } = await unit.kernel<{ id: string }>(
      `insert into kernel.erasures (person_id) values ($1)
       on conflict (person_id) do update set next_at = now() returning id`,
      [personId],
    );
    return (rows[0] as { id: string }).id;
  }

  async status(unit: Unit, id: string): Promise<ErasureStatus | null> {
    return (await this.#read(unit, 'where e.id = $1', [id]))[0] ?? null;
  }

  /** Unfinished ones first, then the latest finished ones. */
  list(unit: Unit): Promise<ErasureStatus[]> {
    return this.#read(unit, `order by e.state = 'done', e.requested_at desc limit ${LISTED}`, []);
  }

  async #read(unit: Unit, which: string, values: unknown[]): Promise<ErasureStatus[]> {
    const { rows } = await unit.kernel<ErasureStatus & { [column: string]: unknown }>(
      `select e.id, e.person_id as "personId", e.state, e.requested_at as "requestedAt", e.finished_at as "finishedAt", e.failure,
         case e.state when 'failed' then e.next_at end as "nextTryAt",
         coalesce((select json_agg(json_build_object('plugin', r.plugin, 'table', r.table_name, 'action', r.action, 'rows', r.rows)
                                   order by r.plugin, r.table_name, r.action)
                   from kernel.erased_rows r where r.erasure_id = e.id), '[]') as rows
       from kernel.erasures e ${which}`,
      values,
    );
    return rows;
  }

  /** Continues waiting erasures that no other process holds. */
  async resume(): Promise<void> {
    const { rows } = await this.parts.home.pool.query<{ id: string }>(
      `select id from kernel.erasures where state <> 'done' and next_at <= now() order by requested_at`,
    );
    for (const { id } of rows) await this.run(id);
  }

  /** Runs one erasure until it is done or fails; on failure, its record says why. */
  async run(id: string): Promise<void> {
    const { rows } = await this.parts.home.pool.query<{ person_id: string; attempts: number; now: Date }>(
      `update kernel.erasures set state = 'running', attempts = attempts + 1, holder = $2, held_until = now() + interval '${LEASE_SECONDS} seconds'
       where id = $1 and state <> 'done' and (holder is null or held_until < now() or $3)
       returning person_id, attempts, clock_timestamp() as now`,
      // Only this process can use the embedded database, so a previous holder no longer exists.
      [id, this.#holder, this.parts.home.kind === 'pglite'],
    );
    const claimed = rows[0];
    if (claimed === undefined) return;
    // Renew the lease meanwhile: older work or a plugin's files may take longer than the lease.
    const beat = setInterval(() => void this.#hold(id).catch(() => {}), BEAT_MS);
    const faults = await this.#erase(id, claimed.person_id)
      .catch((error) => [this.#fault('kernel', error, claimed.person_id)])
      .finally(() => clearInterval(beat));
    if (this.parts.signal.aborted) return this.#leave(id);
    const outcome =
      faults.length === 0
        ? `state = 'done', person_id = null, finished_at = now(), failure = null`
        : `state = 'failed', failure = $3`;
    const { rowCount } = await this.parts.home.pool.query(
      `update kernel.erasures set ${outcome}, holder = null, held_until = null,
         next_at = now() + least(interval '1 minute' * power(2, least(attempts, 12)), interval '1 day') where id = $1 and holder = $2`,
      faults.length === 0 ? [id, this.#holder] : [id, this.#holder, faults.join('; ')],
    );
    // Another process took it over and records the outcome.
    if (rowCount === 0) return;
    this.parts.log.info({ erasure: id, state: faults.length === 0 ? 'done' : 'failed', faults }, 'erasure');
  }

  async #hold(id: string): Promise<void> {
    await this.parts.home.pool.query(
      `update kernel.erasures set held_until = now() + interval '${LEASE_SECONDS} seconds' where id = $1 and holder = $2`,
      [id, this.#holder],
    );
  }

  async #leave(id: string): Promise<void> {
    await this.parts.home.pool.query(
      'update kernel.erasures set holder = null, held_until = null where id = $1 and holder = $2',
      [id, this.#holder],
    );
  }

  async #erase(id: string, personId: string): Promise<string[]> {
    await this.#kernel(id, personId);
    await this.#olderWork();
    const plugins = await this.parts.plugins();
    const faults = await this.#absent(plugins);
    for (let pass = 1; pass <= MOST_PASSES; pass++) {
      let found = await this.#kernel(id, personId);
      // Plugins that require others come first, because their rows refer to the rows of those.
      for (const plugin of plugins.toReversed()) {
        const name = plugin.plugin.id;
        if (faults.some((fault) => fault.startsWith(`${name}: `))) continue;
        try {
          if (pass === 1) await this.#hook(plugin, personId);
          found += await this.#tables(id, plugin, personId);
        } catch (error) {
          faults.push(this.#fault(name, error, personId));
        }
      }
      if (found === 0) return [...faults, ...(await this.#bytes(personId))];
    }
    return [...faults, 'kernel: new rows of the person keep appearing'];
  }

  /** An erasure is not done before the person's files are removed. */
  async #bytes(personId: string): Promise<string[]> {
    try {
      await this.parts.removeBytes();
      return [];
    } catch (error) {
      return [this.#fault('kernel', error, personId)];
    }
  }

  /** Waits for requests that began before the sessions ended, because they may still write as the person. */
  async #olderWork(): Promise<void> {
    const { pool, kind } = this.parts.home;
    // The embedded database has one connection, so no other work was running.
    if (kind === 'pglite') return;
    const { rows } = await pool.query<{ now: string }>('select clock_timestamp()::text as now');
    for (const deadline = performance.now() + LONGEST_WAIT_MS; ; await pause(50)) {
      const { rowCount } = await pool.query(
        `select from pg_stat_activity where datname = current_database() and usename = session_user and pid <> pg_backend_pid()
           and xact_start < $1::timestamptz limit 1`,
        [rows[0]?.now],
      );
      if (rowCount === 0) return;
      if (performance.now() > deadline)
        throw Object.assign(new Error('work that began earlier has not ended'), { code: 'older-work' });
    }
  }

  /** Data of plugins out of service can be erased only once they are back. */
  async #absent(plugins: readonly PrivatePlugin[]): Promise<string[]> {
    const absent = await this.parts.runner.run({}, ({ unit }) => absentPlugins(unit, plugins));
    return absent.map((id) => `${id}: not in service; bring it back or purge it`);
  }

  async #hook({ plugin }: PrivatePlugin, personId: string): Promise<void> {
    const hook = plugin.definition.privacy?.erase;
    if (hook === undefined) return;
    const { runner } = this.parts;
    await runner.run({ about: { plugin: plugin.id }, officer: true }, (frame) =>
      hook({ personId, services: runner.cradleOf(plugin.id, frame) }),
    );
  }

  async #tables(id: string, { plugin, identity, tables }: PrivatePlugin, personId: string): Promise<number> {
    let found = 0;
    for (const table of tables) {
      for (const { action, sql } of eraseStatements(table)) {
        found += await inBatches(() =>
          this.#step(id, plugin.id, table.name, action, async (unit) => {
            const result = await unit.query(identity, { text: sql, values: [personId] });
            return result.rowCount ?? 0;
          }),
        );
      }
    }
    return found;
  }

  async #kernel(id: string, personId: string): Promise<number> {
    let found = 0;
    for (const { table, condition, set } of kernelErasure) {
      const change = set === undefined ? `delete from kernel.${table} t` : `update kernel.${table} t set ${set}`;
      const sql = `${change} where ${condition}`;
      found += await this.#step(
        id,
        'kernel',
        table,
        set === undefined ? 'deleted' : 'anonymised',
        async (unit) => (await unit.kernel(sql, [personId])).rowCount ?? 0,
      );
    }
    return found;
  }

  /** Runs a short unit of work that also records the number of rows. */
  #step(id: string, plugin: string, table: string, action: string, fn: (unit: Unit) => Promise<number>): Promise<number> {
    this.parts.signal.throwIfAborted();
    return this.parts.runner.run({}, async ({ unit }) => {
      const rows = await fn(unit);
      if (rows > 0) {
        await unit.kernel(
          `insert into kernel.erased_rows as r (erasure_id, plugin, table_name, action, rows) values ($1, $2, $3, $4, $5)
           on conflict (erasure_id, plugin, table_name, action) do update set rows = r.rows + excluded.rows`,
          [id, plugin, table, action, rows],
        );
      }
      return rows;
    });
  }

  /** The record stores only the kind of the error. The log gets its text without the person's id, which may be part of a file name. */
  #fault(plugin: string, error: unknown, personId: string): string {
    const { code, name } = (error ?? {}) as Partial<Error & { code: string }>;
    const err = JSON.parse(JSON.stringify(describeError(error)).replaceAll(personId, '…'));
    this.parts.log.warn({ plugin, err }, 'erasure');
    return `${plugin}: ${code ?? name ?? 'unknown'}`;
  }
}
