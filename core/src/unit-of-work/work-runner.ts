import { Frame, type HttpExchange, hasOpenUnit, runInFrame } from '../context/frame.js';
import { watchNetwork } from '../context/network-watch.js';
import { currentSpan, type Span } from '../context/span.js';
import type { Http } from '../contract/http.js';
import type { Principal } from '../contract/principal.js';
import { systemPrincipal } from '../contract/principal.js';
import type { Logger } from '../contract/services.js';
import type { DatabaseHome } from '../database/homes/home.js';
import type { Replica } from '../database/homes/replica.js';
import { markOutage } from '../database/outages/outage.js';
import type { StatementLine } from '../database/unit/logged-channel.js';
import { DatabaseUnit, type UnitOptions } from '../database/unit/unit.js';
import type { TimeLimit } from '../foundation/time-limit.js';
import type { SlowStatements } from './slow-statements.js';

export interface WorkOptions extends Pick<UnitOptions, 'readOnly' | 'precondition' | 'lane'> {
  principal?: Principal;
  /** May read the replica, if there is one and `readOnly` is set; default false. */
  mayLag?: boolean;
  /** Fields added to the log lines of this work. */
  about?: Record<string, string>;
  /** Name of what runs, for messages; default the plugin of `about`. */
  place?: string;
  http?: HttpExchange | null;
  /** Reaches rows of people who objected or are restricted; default false. */
  officer?: boolean;
  /** When aborted, the work is given up, its unit rolled back and its connection released. */
  signal?: AbortSignal;
  /** Like `signal`, when the time limit is reached. */
  limit?: TimeLimit;
}

/** Opens units of work. All plugin code that uses the database runs through here. */
export class WorkRunner {
  constructor(
    private readonly home: DatabaseHome,
    private readonly containers: ReadonlyMap<string, { http: Http | undefined; cradleIn(frame: Frame): Record<string, unknown> }>,
    private readonly log: Logger & { child(fields: object): Logger },
    /** Whether each SQL statement is logged at level `debug`. */
    private readonly logsStatements = false,
    /** Told of slow statements; null: none are looked for. */
    private readonly slow: SlowStatements | null = null,
    /** For read-only work that may lag; null: there is none. */
    readonly replica: Replica | null = null,
  ) {
    watchNetwork();
  }

  /** Runs `fn` in a unit of work: commits when it returns, rolls back when it throws. */
  run<T>(options: WorkOptions, fn: (frame: Frame) => Promise<T>): Promise<T> {
    // PGlite has one connection, so a unit inside a unit would wait forever.
    if (hasOpenUnit()) {
      return Promise.reject(
        new Error('a unit of work is open already: services join it, and another cannot be opened inside it'),
      );
    }
    const { principal = systemPrincipal(), about, http = null, readOnly, precondition, place, officer = false } = options;
    // Requests have stricter limits than jobs.
    const limits = http === null ? this.home.limits.jobs : null;
    // Connections are shared fairly between routes.
    const lane = options.lane ?? (http === null ? undefined : place);
    const span = currentSpan();
    const logStatement =
      this.logsStatements || span !== null
        ? (line: StatementLine) => {
            if (this.logsStatements) this.log.debug({ ...about, place: unit.place, ...line }, 'statement');
            if (span !== null) traceStatement(span, line);
          }
        : null;
    const told = this.slow;
    const slow =
      told === null
        ? null
        : {
            limitMs: told.limitMs,
            note: (plugin: string, text: string, ms: number) => told.note(about, unit.place, plugin, text, ms),
          };
    const replica = options.mayLag === true ? this.replica : null;
    const unit: DatabaseUnit = new DatabaseUnit(this.home, { limits, lane, readOnly, replica, precondition, logStatement, slow });
    unit.place = place ?? about?.['plugin'] ?? unit.place;
    const frame = new Frame(unit, principal, http, () => (about === undefined ? this.log : this.log.child(about)), null, officer);
    return runInFrame(frame, () => this.#finish(frame, unit, options, fn));
  }

  async #finish<T>(
    frame: Frame,
    unit: DatabaseUnit,
    { signal, limit }: WorkOptions,
    fn: (frame: Frame) => Promise<T>,
  ): Promise<T> {
    let value: T;
    try {
      // Functions of plugins may return a value or a query, too, whatever their type says.
      const work = Promise.resolve(fn(frame));
      if (limit !== undefined) value = await limit.during(work);
      else value = await (signal === undefined ? work : unlessAborted(signal, work));
    } catch (error) {
      if (limit?.givenUp === true) {
        // Not awaited: the caller is answered now, and a hanging connection may take longer.
        void unit.giveUp().catch(() => {});
        throw error;
      }
      await unit.rollback().catch(() => {});
      if (unit.outage !== null) markOutage(error, unit.outage);
      throw error;
    }
    const failedBefore = unit.outage !== null;
    const after = await unit.commit().catch((error) => {
      if (unit.outage !== null) markOutage(error, unit.outage, !failedBefore && !unit.readOnly && unit.outage === 'unreachable');
      throw error;
    });
    for (const fn of after) {
      // The changes are stored, so a failure here must not be reported to the caller.
      void (async () => fn())().catch((error: Error) =>
        frame.log.error({ err: error.message }, 'a callback after the commit failed'),
      );
    }
    return value;
  }

  /** Runs `fn` as another principal in the same unit of work, with separate services. */
  as<T>(frame: Frame, principal: Principal, fn: (frame: Frame) => Promise<T>): Promise<T> {
    const inner = frame.as(principal);
    return runInFrame(inner, async () => {
      try {
        // Awaited inside the frame: a query builder runs when it is awaited, and must run as this principal.
        return await fn(inner);
      } catch (error) {
        if (frame.unit.outage !== null) markOutage(error, frame.unit.outage);
        throw error;
      }
    });
  }

  cradleOf(pluginId: string, frame: Frame): Record<string, unknown> {
    const container = this.containers.get(pluginId);
    if (container === undefined) throw new Error(`the plugin ${pluginId} is not in this portal`);
    return container.cradleIn(frame);
  }

  /** The plugin's service `http`, for code that runs outside units of work; undefined if its manifest does not declare it. */
  httpOf(pluginId: string): Http | undefined {
    return this.containers.get(pluginId)?.http;
  }
}

/** Attributes of OpenTelemetry's semantic conventions for databases. */
function traceStatement(span: Span, { plugin, sql, rows, ms, failed }: StatementLine): void {
  const [operation = ''] = sql.trimStart().split(/[\s(;]/, 1);
  const child = span.child('client', `${operation.toUpperCase()} ${plugin}`);
  child.startedAt -= ms;
  Object.assign(child.attributes, {
    'db.system.name': 'postgresql',
    'db.operation.name': operation.toUpperCase(),
    'db.query.text': sql,
    'ilearn.plugin': plugin,
    ...(rows === null ? {} : { 'db.response.returned_rows': rows }),
    ...(failed === undefined ? {} : { 'db.response.status_code': failed }),
  });
  child.failed = failed ?? null;
  child.end(ms);
}

function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    // The signal may outlive many units of work, such as those of a plugin's timers.
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
