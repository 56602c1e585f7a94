import { randomUUID } from 'node:crypto';
import type { Unit } from '../../context/unit.js';
import type { TenantScope } from '../../contract/principal.js';
import type { ExportFile, ExportStatus } from '../../contract/privacy.js';
import { Problem } from '../../contract/problem.js';
import type { Logger } from '../../contract/services.js';
import type { DatabaseHome } from '../../database/homes/home.js';
import { inParts } from '../../downloads/zip-stream.js';
import { describeError } from '../../foundation/log.js';
import type { WorkRunner } from '../../unit-of-work/work-runner.js';
import type { Language } from '../privacy-texts.js';

/** If a lease was not renewed for this long, its process died, and another process starts the export again. */
const LEASE_SECONDS = 20;
const BEAT_MS = 5_000;
/** Limits how often an export that kills its process is retried. */
const MOST_ATTEMPTS = 3;
/** Maximum number of simultaneous exports in the whole portal. */
const MOST_RUNNING = 2;
const MOST_WAITING = 1_000;
/** Maximum number of exports that one requester may start per day: of one person, and in total. */
const DAILY_OF_PERSON = 5;
const DAILY = 50;
const KEPT_HOURS = 24;
const PART_BYTES = 256 * 1024;
const MOST_BYTES = 1024 ** 3;

export interface ExportParts {
  home: DatabaseHome;
  runner: WorkRunner;
  log: Logger;
  /** The archive, generated while it is read. */
  archive(what: ExportedPerson, progress: (done: number) => void): AsyncIterable<Uint8Array>;
  /** Tells plugins, in the current unit of work, that somebody's export can be downloaded. */
  announce(ready: { person: string; askedBy: string }, tenants: TenantScope): Promise<void>;
  /** Aborted when the process ends; another process continues. */
  signal: AbortSignal;
}

export interface ExportedPerson {
  person: string;
  language: Language;
  tenants: TenantScope;
}

/** The person and the requester of an export; only they may see it. */
export interface Asked {
  person: string;
  /** Null: requested by the portal itself. */
  by: string | null;
  /** The tenants for which the requester acts now. */
  tenants: TenantScope;
}

const columns = `id, state, progress, requested_at as "requestedAt", finished_at as "finishedAt", expires_at as "expiresAt",
  bytes::float8 as bytes`;

/** SQL: exports of person `$1`, requested by `$2`, that cover no tenants outside `$3` (null: all). */
const visible = `person_id = $1 and asked_by is not distinct from $2 and ($3::text[] is null and tenants is null or tenants <@ $3)
  and (expires_at is null or expires_at > now())`;

const scopeOf = ({ person, by, tenants }: Asked) => [person, by, tenants === '*' ? null : [...new Set(tenants)].sort()];

/**
 * Any process makes the waiting exports. They are stored in parts in the shared database and kept for a day. A record and its parts may be
 * deleted at any time: if the person is erased, the running export finds no record and ends.
 */
export class Exports {
  readonly #holder = randomUUID();

  constructor(private readonly parts: ExportParts) {}

  /** Records the request in the current unit of work. */
  async request(unit: Unit, asked: Asked, language: Language): Promise<ExportStatus> {
    const { rows: counts } = await unit.kernel<{ under_way: boolean; of_person: number; of_asker: number; waiting: number }>(
      `select exists (select from kernel.exports where ${visible} and state in ('waiting', 'running')) as under_way,
         (select count(*)::int from kernel.exports where asked_by is not distinct from $2 and person_id = $1
            and requested_at > now() - interval '1 day') as of_person,
         (select count(*)::int from kernel.exports where asked_by is not distinct from $2
            and requested_at > now() - interval '1 day') as of_asker,
         (select count(*)::int from kernel.exports where state = 'waiting') as waiting`,
      scopeOf(asked),
    );
    const found = counts[0] as NonNullable<(typeof counts)[0]>;
    if (!found.under_way) refuseMany(found, asked);
    await unit.kernel(
      `insert into kernel.exports (person_id, asked_by, tenants, language) values ($1, $2, $3, $4) on conflict do nothing`,
      [...scopeOf(asked), language],
    );
    return (await this.status(unit, asked)) as ExportStatus;
  }

  /** The latest export. */
  async status(unit: Unit, asked: Asked): Promise<ExportStatus | null> {
    const { rows } = await unit.kernel<ExportStatus & { [column: string]: unknown }>(
      `select ${columns} from kernel.exports where ${visible} order by requested_at desc, id limit 1`,
      scopeOf(asked),
    );
    return rows[0] ?? null;
  }

  /** The archive of the latest export that is ready. */
  async file(unit: Unit, asked: Asked): Promise<ExportFile | null> {
    const { rows } = await unit.kernel<{ id: string; bytes: number; parts: number }>(
      `select id, bytes::float8 as bytes, parts from kernel.exports where ${visible} and state = 'ready'
       order by requested_at desc, id limit 1`,
      scopeOf(asked),
    );
    const ready = rows[0];
    return ready === undefined ? null : { bytes: ready.bytes, content: this.#content(ready.id, ready.parts) };
  }

  async *#content(id: string, parts: number): AsyncGenerator<Uint8Array> {
    for (let n = 0; n < parts; n++) {
      const { rows } = await this.parts.runner.run({ readOnly: true }, ({ unit }) =>
        unit.kernel<{ bytes: Buffer }>('select bytes from kernel.export_parts where export_id = $1 and n = $2', [id, n]),
      );
      if (rows[0] === undefined) throw new Error('the export was deleted while it was sent');
      yield rows[0].bytes;
    }
  }

  /** Makes the exports that wait, or that a process abandoned, one after another. */
  async resume(): Promise<void> {
    while (!this.parts.signal.aborted && (await this.#next())) {
      // Go on with the next one.
    }
  }

  /** Deletes expired exports. */
  async expire(): Promise<void> {
    await this.parts.home.pool.query(
      `delete from kernel.exports where expires_at < now() or state = 'failed' and finished_at < now() - interval '${KEPT_HOURS} hours'`,
    );
  }

  async #next(): Promise<boolean> {
    const { rows } = await this.parts.home.pool.query<{
      id: string;
      person_id: string;
      tenants: string[] | null;
      language: Language;
    }>(
      `update kernel.exports set state = 'running', attempts = attempts + 1, progress = 0, holder = $1,
         held_until = now() + interval '${LEASE_SECONDS} seconds'
       where id = (
         select id from kernel.exports
         where (state = 'waiting' or state = 'running' and (held_until < now() or $2))
           and (select count(*) from kernel.exports where state = 'running' and held_until >= now() and not $2) < ${MOST_RUNNING}
         order by requested_at limit 1 for update skip locked)
       returning id, person_id, tenants, language, attempts`,
      // Only this process can use the embedded database, so a previous holder no longer exists.
      [this.#holder, this.parts.home.kind === 'pglite'],
    );
    const claimed = rows[0] as ((typeof rows)[0] & { attempts: number }) | undefined;
    if (claimed === undefined) return false;
    const { id, person_id: person, tenants, language, attempts } = claimed;
    if (attempts > MOST_ATTEMPTS) await this.#fail(id);
    else await this.#make(id, { person, language, tenants: tenants ?? '*' });
    return true;
  }

  async #make(id: string, what: ExportedPerson): Promise<void> {
    const { log, signal } = this.parts;
    let progress = 0;
    // Renew the lease meanwhile: a plugin's files may take longer than the lease.
    const beat = setInterval(() => void this.#hold(id, progress).catch(() => {}), BEAT_MS);
    try {
      await this.parts.home.pool.query('delete from kernel.export_parts where export_id = $1', [id]);
      let bytes = 0;
      let n = 0;
      const archive = this.parts.archive(what, (done) => {
        progress = done;
      });
      for await (const part of inParts(archive, PART_BYTES)) {
        signal.throwIfAborted();
        bytes += part.length;
        if (bytes > MOST_BYTES) throw new Error(`the archive has more than ${MOST_BYTES} bytes; use ilearn privacy export`);
        // The person was erased, or another process took over the export.
        if (!(await this.#store(id, n++, part, progress))) return;
      }
      await this.#finish(id, bytes, n);
      log.info({ export: id, bytes }, 'export');
    } catch (error) {
      if (signal.aborted) return await this.#leave(id);
      const { cause = null } = error as Error;
      const told = { err: describeError(error), ...(cause === null ? {} : { cause: describeError(cause) }) };
      // The error's text may contain the person's id.
      log.warn({ export: id, ...JSON.parse(JSON.stringify(told).replaceAll(what.person, '…')) }, 'export');
      await this.#fail(id);
    } finally {
      clearInterval(beat);
    }
  }

  async #store(id: string, n: number, part: Uint8Array, progress: number): Promise<boolean> {
    const { rowCount } = await this.parts.home.pool.query(
      `with mine as (
         update kernel.exports set progress = $4, held_until = now() + interval '${LEASE_SECONDS} seconds'
         where id = $1 and holder = $5 returning id)
       insert into kernel.export_parts (export_id, n, bytes) select id, $2, $3 from mine`,
      [id, n, part, progress, this.#holder],
    );
    return rowCount === 1;
  }

  async #hold(id: string, progress: number): Promise<void> {
    await this.parts.home.pool.query(
      `update kernel.exports set progress = $3, held_until = now() + interval '${LEASE_SECONDS} seconds' where id = $1 and holder = $2`,
      [id, this.#holder, progress],
    );
  }

  /** Also deletes earlier exports of the same person for the same requester. */
  async #finish(id: string, bytes: number, parts: number): Promise<void> {
    const { runner, announce } = this.parts;
    await runner.run({}, async ({ unit }) => {
      const { rows } = await unit.kernel<{ person_id: string; asked_by: string | null; tenants: string[] | null }>(
        `with ready as (
           update kernel.exports set state = 'ready', progress = 1, bytes = $3, parts = $4, finished_at = now(),
             expires_at = now() + interval '${KEPT_HOURS} hours', holder = null, held_until = null
           where id = $1 and holder = $2 returning id, person_id, asked_by, tenants),
         deleted as (
           delete from kernel.export_parts p using kernel.exports e, ready r
           where p.export_id = e.id and e.id <> r.id and e.person_id = r.person_id and e.asked_by is not distinct from r.asked_by
             and e.tenants is not distinct from r.tenants and e.state = 'ready')
         select person_id, asked_by, tenants from ready`,
        [id, this.#holder, bytes, parts],
      );
      const [ready] = rows;
      if (ready == null || ready.asked_by === null) return;
      await announce({ person: ready.person_id, askedBy: ready.asked_by }, ready.tenants ?? '*');
    });
  }

  /** Returns the export to the queue, for another process to start again. */
  async #leave(id: string): Promise<void> {
    await this.parts.home.pool.query(
      `update kernel.exports set state = 'waiting', progress = 0, attempts = attempts - 1, holder = null, held_until = null
       where id = $1 and holder = $2`,
      [id, this.#holder],
    );
  }

  async #fail(id: string): Promise<void> {
    await this.parts.home.pool.query(
      `with failed as (
         update kernel.exports set state = 'failed', finished_at = now(), holder = null, held_until = null
         where id = $1 and holder = $2 returning id)
       delete from kernel.export_parts p using failed f where p.export_id = f.id`,
      [id, this.#holder],
    );
  }
}

function refuseMany(counts: { of_person: number; of_asker: number; waiting: number }, { by }: Asked): void {
  const tooMany = by !== null && (counts.of_person >= DAILY_OF_PERSON || counts.of_asker >= DAILY);
  if (!tooMany && counts.waiting < MOST_WAITING) return;
  throw new Problem({
    type: 'too-many-exports',
    status: 429,
    title: 'Too many exports',
    detail: tooMany
      ? `A person may be exported ${DAILY_OF_PERSON} times a day, and ${DAILY} people. Ask again tomorrow.`
      : 'Too many exports are waiting. Ask again later.',
    headers: { 'retry-after': tooMany ? '86400' : '600' },
  });
}
