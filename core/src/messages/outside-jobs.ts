import { randomUUID } from 'node:crypto';
import { currentSpan, describeTry, failureOf, inSpan, type Tracer } from '../context/span.js';
import type { Store } from '../contract/file-service.js';
import { systemPrincipal } from '../contract/principal.js';
import type { Read } from '../contract/route.js';
import type { Job } from '../contract/work.js';
import { TimeLimit } from '../foundation/time-limit.js';
import type { Composition } from '../plugins/composition.js';
import type { Gate } from '../plugins/gate.js';
import { underDeadline } from '../unit-of-work/deadline.js';
import type { WorkRunner } from '../unit-of-work/work-runner.js';
import type { Task } from './engines/engine.js';
import { gateCallOf, secondsOf } from './gate-call.js';
import type { HandlerMetrics } from './handler-metrics.js';
import type { Message } from './message.js';
import { setMessageCaller } from './message-caller.js';
import { markRunning } from './message-states.js';
import type { Handling } from './running-messages.js';
import { type SettleParts, settleFailure } from './settle-failure.js';

const SECONDS = 30;
const AT_ONCE = 4;
/** A lease expires this long after the process that holds it died. */
const LEASE_SECONDS = 15;
const RENEW_MS = 3_000;

export interface OutsideParts extends SettleParts {
  gate: Gate;
  runner: WorkRunner;
  /** What stores the files of a plugin's job. */
  storing(plugin: string): { store: Store; settle(): Promise<void> };
  metrics: HandlerMetrics;
  /** Null if traces are off. */
  tracer: Tracer | null;
}

type Outside = NonNullable<Job['outside']>;

/** A message that this process may hold, with its job. */
interface Leased extends Message {
  [column: string]: unknown;
  task: string | null;
  mine: boolean;
}

/** A job that calls other services, with the number of calls that may run at once. */
export interface LimitedJob {
  plugin: string;
  name: string;
  atOnce: number;
}

/** The limited jobs of the plugins in service. */
export const outsideJobs = (composition: Composition): LimitedJob[] =>
  composition.active.flatMap(({ id, definition }) =>
    Object.entries(definition.jobs ?? {}).flatMap(([name, { outside }]) =>
      outside === undefined ? [] : [{ plugin: id, name, atOnce: outside.atOnce ?? AT_ONCE }],
    ),
  );

/** SQL condition on a row `m` of `kernel.messages`: it belongs to one of these jobs. {@link columnsOf} makes the parameters. */
export const isAmong = (plugins: string, names: string): string =>
  `(m.kind = 'job' and exists (select from unnest(${plugins}::text[], ${names}::text[]) as j (plugin, name)
    where j.plugin = m.plugin and j.name = m.name))`;

export const columnsOf = (jobs: readonly LimitedJob[]): [plugins: string[], names: string[]] => [
  jobs.map(({ plugin }) => plugin),
  jobs.map(({ name }) => name),
];

/**
 * Jobs that call other services. Each is claimed by a lease, which is committed at once and renewed by the database's clock during the
 * call. The call runs while no unit of work is open; its result is then recorded in a unit of work that deletes the message, if the lease
 * is still held. However often the call is made, its result is recorded once. Calls do not use the slots of other handlers.
 */
export class OutsideJobs {
  readonly #calls = new Set<Promise<void>>();

  constructor(private readonly parts: OutsideParts) {}

  /** Claims the message if it belongs to such a job. Returns false if it does not, or if another task delivers it. */
  async begin(task: Task): Promise<boolean> {
    const { home, composition } = this.parts;
    const jobs = outsideJobs(composition);
    if (jobs.length === 0) return false;
    const lease = randomUUID();
    // Found by its id alone, as in `claim`: the statement waits for a hand-over that has not committed yet.
    const free = '(task = $2 and (leased_until is null or leased_until < now()))';
    const { rows } = await home.pool.query<Leased>(
      `update kernel.messages m set
         lease = case when ${free} then $3 else lease end,
         leased_until = case when ${free} then now() + make_interval(secs => ${LEASE_SECONDS}) else leased_until end,
         unique_key = case when ${free} then null else unique_key end
       where id = $1 and failed_at is null and ${isAmong('$4', '$5')}
       returning id, plugin, kind, name, payload, tenants, created_at, attempts, task, caller, lease = $3 as mine`,
      [task.message, task.id, lease, ...columnsOf(jobs)],
    );
    const message = rows[0];
    if (message === undefined) return false;
    if (message.mine) {
      const call = this.#traced(message, lease).finally(() => this.#calls.delete(call));
      this.#calls.add(call);
    }
    return true;
  }

  /** Waits for running calls, at most `ms` milliseconds; another process takes over the rest when their leases lapse. */
  async settled(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([Promise.all(this.#calls), over]);
    clearTimeout(timer);
  }

  #traced(message: Leased, lease: string): Promise<void> {
    const span = this.parts.tracer?.message(message.id) ?? null;
    if (span !== null) describeTry(span, { ...message, kind: 'job' });
    return inSpan(span, () => this.#run(message, lease));
  }

  async #run(message: Leased, lease: string): Promise<void> {
    const { running, kick, log, metrics } = this.parts;
    const began = performance.now();
    const tried = (result: 'done' | 'failed') =>
      metrics.tried({ ...message, kind: 'job' }, result, (performance.now() - began) / 1_000);
    const handling = running.begin(message, { outside: true });
    const renewing = setInterval(() => void this.#renew(message, lease, handling), RENEW_MS);
    try {
      await this.#callAndRecord(message, lease, handling, () => clearInterval(renewing));
      tried('done');
    } catch (error) {
      tried('failed');
      const span = currentSpan();
      if (span !== null) span.failed = failureOf(error);
      // If the database cannot be reached, the lease lapses instead.
      await settleFailure(message, error, this.parts).catch((failure: Error) =>
        log.debug({ err: failure.message }, 'not settled'),
      );
    } finally {
      clearInterval(renewing);
      running.end(message.id);
      // A slot is now free for the next message.
      kick();
    }
  }

  async #callAndRecord(message: Leased, lease: string, handling: Handling, called: () => void): Promise<void> {
    const { gate, composition, running } = this.parts;
    const refusal = gate.refusal(message.plugin);
    if (refusal !== null) throw refusal;
    const job = composition.find(message.plugin)?.checked?.definition.jobs?.[message.name];
    if (job?.outside === undefined) throw new Error(`${message.plugin} no longer has the job ${message.name}`);
    const { id, attempts, created_at: at } = message;
    const payload = job.payload.parse(message.payload);
    const progress = (fraction: number) => running.progress(id, fraction);
    const told = { id, attempt: attempts + 1, at, progress };
    const storing = this.parts.storing(message.plugin);
    const limit = new TimeLimit();
    try {
      const result = await this.#call(message, job.outside, handling, { payload, told, store: storing.store });
      called();
      handling.outside = false;
      const { signal } = handling.stop;
      limit.signal.addEventListener('abort', () => handling.stop.abort(limit.signal.reason), { once: true });
      limit.start(1_000 * secondsOf(message, job));
      await this.#record(message, { lease, limit }, (services) =>
        job.handler({ payload, result, services, message: { ...told, signal } }),
      );
    } finally {
      limit.end();
      // What fails here is left to the sweep.
      await storing.settle().catch(() => {});
    }
  }

  /** Not counted by the circuit breaker: an unreachable service is not the plugin's failure. */
  #call(
    message: Leased,
    { seconds = SECONDS, call }: Outside,
    { stop }: Handling,
    {
      payload,
      told,
      store,
    }: {
      payload: unknown;
      told: { id: string; attempt: number; at: Date; progress(fraction: number): void };
      store: Store;
    },
  ): Promise<unknown> {
    const { runner } = this.parts;
    const principal = systemPrincipal(message.tenants);
    const work = { ...this.#about(message), principal, readOnly: true };
    const http = runner.httpOf(message.plugin);
    const read: Read<unknown> = (fn) => runner.run(work, (frame) => fn(runner.cradleOf(message.plugin, frame)));
    return underDeadline(seconds, stop.signal, (signal) => call({ payload, read, http, store, message: { ...told, signal } }));
  }

  async #record(
    message: Leased,
    { lease, limit }: { lease: string; limit: TimeLimit },
    handle: (services: Record<string, unknown>) => unknown,
  ): Promise<void> {
    const { runner, gate, log } = this.parts;
    await runner.run({ ...this.#about(message), limit }, async (outer) => {
      setMessageCaller(outer.unit, message.caller);
      const { rowCount } = await outer.unit.kernel(
        `with gone as (delete from kernel.messages where id = $1 and lease = $2 returning position) select ${markRunning} from gone`,
        [message.id, lease],
      );
      if (rowCount === 0) {
        log.info({ message: message.id }, 'the call was made, but the job was cancelled or taken over meanwhile');
        return;
      }
      await gate.pass(gateCallOf(message), () =>
        runner.as(outer, systemPrincipal(message.tenants), async (frame) => handle(runner.cradleOf(message.plugin, frame))),
      );
    });
  }

  #about({ id, plugin, name }: Leased) {
    return { about: { plugin, handler: `job ${name}`, message: id }, place: `${plugin}: job ${name}` };
  }

  /** Renews the lease. Aborts the call if the lease is lost, because the message was cancelled or another process took it over. */
  async #renew({ id }: Leased, lease: string, handling: Handling): Promise<void> {
    const renewed = await this.parts.home.pool
      .query(
        `update kernel.messages set leased_until = now() + make_interval(secs => ${LEASE_SECONDS}) where id = $1 and lease = $2`,
        [id, lease],
      )
      .catch(() => null);
    if (renewed?.rowCount === 0 && handling.outside) handling.stop.abort();
  }
}
