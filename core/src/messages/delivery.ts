import { setImmediate as turn } from 'node:timers/promises';
import { currentFrame } from '../context/frame.js';
import { describeTry, failureOf, inSpan, type Span, type Tracer } from '../context/span.js';
import type { Unit } from '../context/unit.js';
import { type KernelEvent, kernelEvents } from '../contract/kernel-events.js';
import { systemPrincipal } from '../contract/principal.js';
import type { DatabaseHome } from '../database/homes/home.js';
import type { CheckedPlugin } from '../foundation/plugin.js';
import { TimeLimit } from '../foundation/time-limit.js';
import type { Composition } from '../plugins/composition.js';
import type { Gate } from '../plugins/gate.js';
import type { WorkRunner } from '../unit-of-work/work-runner.js';
import type { Deliver, Task } from './engines/engine.js';
import { gateCallOf, secondsOf } from './gate-call.js';
import type { HandlerMetrics } from './handler-metrics.js';
import type { Message } from './message.js';
import { setMessageCaller } from './message-caller.js';
import { markRunning } from './message-states.js';
import { columnsOf, isAmong, type OutsideJobs, outsideJobs } from './outside-jobs.js';
import { type SettleParts, settleFailure } from './settle-failure.js';

export interface DeliveryParts extends SettleParts {
  gate: Gate;
  runner: WorkRunner;
  outside: OutsideJobs;
  forgetSettings(): void;
  metrics: HandlerMetrics;
  /** Null if traces are off. */
  tracer: Tracer | null;
}

interface Claimed extends Message {
  [column: string]: unknown;
  task: string | null;
  caller: string | null;
  /** It was cancelled before a handler could be notified. */
  cancelled: boolean;
}

/**
 * Runs a message's handler in a unit of work that first deletes the message from `kernel.messages`. The deletion commits together with the
 * handler's effects, so a message that an engine delivers twice is found only once, and a message whose handler fails still exists. A
 * failed message gets the time of its next try, or is kept for the operator.
 *
 * Life cycle of a message. Its row alone holds the state; engines carry only ids of tasks.
 *
 * | state    | how the row shows it                       | next state: its cause                                                    |
 * | -------- | ------------------------------------------ | ------------------------------------------------------------------------ |
 * | delayed  | due_at > now()                             | waiting: it is due                                                       |
 * | waiting  | due_at <= now(), taken_at null             | handed over: the relay gives it a task (relay.ts)                        |
 * | held     | waiting, its plugin or handler is out      | waiting: the plugin is back                                              |
 * | handed   | taken_at and task set                      | running: an engine delivers the task; waiting: it was lost (sweep.ts)    |
 * | running  | advisory lock of the handler's transaction | gone: the unit of work commits; retrying, failed: the handler throws     |
 * | leased   | leased_until > now()                       | the same for a job that calls a service; waiting: the lease lapses       |
 * | retrying | attempts > 0, due_at set                   | waiting: the backoff is over (settle-failure.ts)                         |
 * | failed   | failed_at set                              | waiting: an operator retries it; gone: an operator deletes it            |
 * | gone     | no row                                     | end: done, or cancelled                                                  |
 *
 * `message-states.ts` counts messages for metrics and operators; it distinguishes waiting, delayed, retrying, running and failed.
 */
export function deliverWith(parts: DeliveryParts): Deliver {
  const deliver: TracedDeliver = async (task, span) => {
    // The embedded database answers in microtasks: without this yield, a series of handlers would starve requests and timers.
    await turn();
    const found: { message: Claimed | null } = { message: null };
    const limit = new TimeLimit();
    const began = performance.now();
    const tried = (message: Claimed, result: 'done' | 'failed') =>
      parts.metrics.tried(message, result, (performance.now() - began) / 1_000);
    try {
      const about: Record<string, string> = { message: task.message };
      await parts.runner.run({ about, limit }, async ({ unit }) => {
        const message = await claim(unit, task, parts.composition);
        if (message === null || message.cancelled) return;
        found.message = message;
        setMessageCaller(unit, message.caller);
        if (span !== null) describeTry(span, message);
        unit.place = `${message.plugin}: ${message.kind} ${message.name}`;
        // Set before the handler can log anything.
        Object.assign(about, { plugin: message.plugin, handler: `${message.kind} ${message.name}` });
        await handle(message, limit, parts);
      });
      if (found.message !== null) return tried(found.message, 'done');
      if (await parts.outside.begin(task)) return;
      if (await releaseKey(task, parts.home)) await deliver(task, span);
    } catch (error) {
      if (error instanceof OutdatedTask) return;
      // Nothing to settle: the database could not be reached, or failed before the handler began.
      if (found.message === null) throw error;
      tried(found.message, 'failed');
      if (span !== null) span.failed = failureOf(error);
      await settleFailure(found.message, error, parts);
    } finally {
      limit.end();
      if (found.message !== null) parts.running.end(task.message);
    }
  };
  return (task) => {
    const span = parts.tracer?.message(task.message) ?? null;
    if (span !== null) span.isEmpty = true;
    return inSpan(span, () => deliver(task, span));
  };
}

type TracedDeliver = (task: Task, span: Span | null) => Promise<void>;

/** The message has been handed over again, so a newer task delivers it. */
class OutdatedTask extends Error {}

/**
 * Finds the message by its id alone, not by its task: if the hand-over that created this task has not committed yet, the statement waits
 * for its row lock.
 */
async function claim(unit: Unit, task: Task, composition: Composition): Promise<Claimed | null> {
  const { rows } = await unit.kernel<Claimed>(
    `delete from kernel.messages m where id = $1 and unique_key is null and failed_at is null and not ${isAmong('$2', '$3')}
     returning id, plugin, kind, name, payload, tenants, created_at, attempts, task, caller, ${markRunning},
       exists (select from kernel.running_messages r where r.message = m.id and r.cancelled_at is not null) as cancelled`,
    [task.message, ...columnsOf(outsideJobs(composition))],
  );
  const message = rows[0] ?? null;
  if (message !== null && message.task !== task.id) throw new OutdatedTask();
  return message;
}

/**
 * Releases the message's unique key before its handler runs, in a separate transaction. Otherwise, enqueueing under the same key would have
 * to wait until the handler ends.
 */
async function releaseKey({ message }: Task, { pool }: DatabaseHome): Promise<boolean> {
  const { rowCount } = await pool.query(
    'update kernel.messages set unique_key = null where id = $1 and unique_key is not null and failed_at is null',
    [message],
  );
  return rowCount === 1;
}

async function handle(message: Claimed, limit: TimeLimit, parts: DeliveryParts): Promise<void> {
  const { composition, gate, runner, running } = parts;
  const { id, attempts } = message;
  if (message.name === ('kernel.settings-changed' satisfies KernelEvent)) parts.forgetSettings();
  const { stop } = running.begin(message);
  const input = {
    id,
    attempt: attempts + 1,
    at: message.created_at,
    signal: stop.signal,
    progress: (fraction: number) => running.progress(id, fraction),
  };
  limit.signal.addEventListener('abort', () => stop.abort(limit.signal.reason), { once: true });
  limit.start(1_000 * secondsOf(message, composition.find(message.plugin)?.checked?.definition.jobs?.[message.name]));
  await gate.pass(gateCallOf(message), () =>
    runner.as(currentFrame('kernel'), systemPrincipal(message.tenants), async (frame) => {
      const plugin = composition.find(message.plugin)?.checked;
      if (plugin == null) throw new Error(`the plugin ${message.plugin} is not in this portal`);
      const { payload, handler } = handlerOf(plugin, message, composition.active);
      await handler({ payload, services: runner.cradleOf(plugin.id, frame), message: input, result: undefined });
    }),
  );
}

/** The handler, and the payload as parsed by the schema of the job or of the published event. */
function handlerOf(plugin: CheckedPlugin, message: Message, plugins: readonly CheckedPlugin[]) {
  if (message.kind === 'event') {
    const handler = plugin.definition.on?.[message.name];
    const [publisher, event = ''] = message.name.split('.');
    const schema = Object.hasOwn(kernelEvents, message.name)
      ? kernelEvents[message.name as KernelEvent]
      : plugins.find(({ id }) => id === publisher)?.definition.events?.[event];
    if (handler === undefined || schema === undefined) throw new Error(`${plugin.id} no longer listens to ${message.name}`);
    return { handler, payload: schema.parse(message.payload) };
  }
  const job = plugin.definition.jobs?.[message.name];
  if (job === undefined) throw new Error(`${plugin.id} no longer has the job ${message.name}`);
  return { handler: job.handler, payload: job.payload.parse(message.payload) };
}
