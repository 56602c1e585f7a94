import { setImmediate as turn } from 'node:timers/promises';
import { systemPrincipal } from '../contract/principal.js';
import type { Logger } from '../contract/services.js';
import { dataFaultOf, isContention } from '../database/data-error.js';
import type { DatabaseHome } from '../database/home.js';
import type { Unit } from '../database/unit.js';
import { currentFrame } from '../frame.js';
import { describeError, mendOf } from '../log.js';
import type { Composition } from '../plugins/composition.js';
import { countsOf, type Gate, type GateCall } from '../plugins/gate.js';
import type { CheckedPlugin } from '../plugins/loaded.js';
import { OutOfService } from '../plugins/state.js';
import { TimeLimit } from '../time-limit.js';
import type { WorkRunner } from '../work-runner.js';
import type { Deliver, Task } from './engine.js';
import { type Message, retryPolicyOf } from './message.js';
import { continueFor } from './origin.js';
import type { Running } from './running.js';
import { markRunning } from './states.js';

export interface DeliveryParts {
  home: DatabaseHome;
  composition: Composition;
  gate: Gate;
  runner: WorkRunner;
  running: Running;
  log: Logger;
  /** There is something to relay: a message that is to be tried again. */
  kick(): void;
}

interface Claimed extends Message {
  [column: string]: unknown;
  task: string | null;
  caller: string | null;
  /** Somebody cancelled it while nobody could hear. */
  cancelled: boolean;
}

/**
 * Runs a message's handler in a unit of work that first takes the message out of `kernel.messages`. Effects and receipt are so
 * one commit: a message that an engine delivers twice is found once, and one whose handler fails is still there. What failed is
 * then given its next time, or kept for the operator.
 */
export function deliverWith(parts: DeliveryParts): Deliver {
  return async (task) => {
    // Everything on the embedded database happens in microtasks: a row of handlers would keep requests and timers from their turn.
    await turn();
    const found: { message: Claimed | null } = { message: null };
    const limit = new TimeLimit();
    try {
      await parts.runner.run({ about: { message: task.message }, limit }, async ({ unit }) => {
        const message = await claim(unit, task);
        if (message === null || message.cancelled) return;
        found.message = message;
        continueFor(unit, message.caller);
        await handle(message, limit, parts);
      });
      if (found.message === null && (await releaseKey(task, parts.home))) await deliverWith(parts)(task);
    } catch (error) {
      if (error instanceof OutdatedTask) return;
      // Nothing of ours to settle: the database could not be asked, or failed before the handler began.
      if (found.message === null) throw error;
      await settleFailure(found.message, error, parts);
    } finally {
      limit.end();
      parts.running.end(task.message);
    }
  };
}

/** The message was handed over anew since, or not at all: another task brings it. */
class OutdatedTask extends Error {}

/** Found by its id alone: the hand-over that made this task may not have committed yet, and is then waited for. */
async function claim(unit: Unit, task: Task): Promise<Claimed | null> {
  const { rows } = await unit.kernel<Claimed>(
    `delete from kernel.messages m where id = $1 and unique_key is null and failed_at is null
     returning id, plugin, kind, name, payload, schools, created_at, attempts, task, caller, ${markRunning},
       exists (select from kernel.running_messages r where r.message = m.id and r.cancelled_at is not null) as cancelled`,
    [task.message],
  );
  const message = rows[0] ?? null;
  if (message !== null && message.task !== task.id) throw new OutdatedTask();
  return message;
}

/**
 * A message that begins no longer waits, so its key is free, for good and before its handler runs: whoever enqueues under the
 * key meanwhile would have to wait for the handler otherwise.
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
  const { stop } = running.begin(message);
  const input = {
    id,
    attempt: attempts + 1,
    at: message.created_at,
    signal: stop.signal,
    progress: (fraction: number) => running.progress(id, fraction),
  };
  const call: GateCall = {
    plugin: message.plugin,
    part: `${message.kind} ${message.name}`,
    // One that nobody's request caused stands for itself.
    from: () => message.caller ?? id,
    caller: () => message.caller ?? id,
    // A value that the database refuses came in the payload; two changes that meet are nobody's fault.
    counts: (error) => (dataFaultOf(error) !== null || isContention(error) ? 'nothing' : countsOf(error)),
  };
  limit.signal.addEventListener('abort', () => stop.abort(limit.signal.reason), { once: true });
  limit.start(1_000 * secondsOf(message, composition.find(message.plugin)?.checked?.definition.jobs?.[message.name]));
  await gate.pass(call, () =>
    runner.as(currentFrame('kernel'), systemPrincipal(message.schools), async (frame) => {
      const plugin = composition.find(message.plugin)?.checked;
      if (plugin == null) throw new Error(`the plugin ${message.plugin} is not in this portal`);
      const { payload, handler } = handlerOf(plugin, message, composition.active);
      await handler({ payload, services: runner.cradleOf(plugin.id, frame), message: input });
    }),
  );
}

/** How long a try may take. */
const secondsOf = ({ kind }: Message, job: { timeoutSeconds?: number } | undefined): number =>
  kind === 'event' ? 300 : (job?.timeoutSeconds ?? 900);

/** The handler, and the payload as the schema of its job or of the published event makes it. */
function handlerOf(plugin: CheckedPlugin, message: Message, plugins: readonly CheckedPlugin[]) {
  if (message.kind === 'event') {
    const handler = plugin.definition.on?.[message.name];
    const [publisher, event = ''] = message.name.split('.');
    const schema = plugins.find(({ id }) => id === publisher)?.definition.events?.[event];
    if (handler === undefined || schema === undefined) throw new Error(`${plugin.id} no longer listens to ${message.name}`);
    return { handler, payload: schema.parse(message.payload) };
  }
  const job = plugin.definition.jobs?.[message.name];
  if (job === undefined) throw new Error(`${plugin.id} no longer has the job ${message.name}`);
  return { handler: job.handler, payload: job.payload.parse(message.payload) };
}

/** Gives the message its next time; without tries left it is kept for the operator. */
async function settleFailure(
  message: Claimed,
  error: unknown,
  { home, composition, running, log, kick }: DeliveryParts,
): Promise<void> {
  const { id, task, kind, name } = message;
  if (running.isCancelled(id)) {
    log.info({ message: id }, 'cancelled');
    await home.pool.query('delete from kernel.messages where id = $1 and task = $2', [id, task]);
    return;
  }
  if (error instanceof OutOfService) {
    // It waits until its plugin is back, with all its tries.
    await home.pool.query('update kernel.messages set task = null, taken_at = null where id = $1 and task = $2', [id, task]);
    return;
  }
  const { retries, backoff } = retryPolicyOf(kind, composition.find(message.plugin)?.checked?.definition.jobs?.[name]);
  // Who was told to stop has not failed.
  const attempts = message.attempts + (running.stopping ? 0 : 1);
  const last = attempts > retries;
  const about = { plugin: message.plugin, handler: `${kind} ${name}`, message: id, attempt: message.attempts + 1, last };
  log.warn({ ...about, mend: mendOf(error), err: describeError(error) }, 'handler failed');
  const { name: type, code } = (error ?? {}) as Partial<Error & { code: string }>;
  const seconds = attempts === 0 ? 0 : Math.min(backoff * 2 ** (attempts - 1), LONGEST_BACKOFF);
  // Of the error its code alone: what it says may hold people's data.
  await home.pool.query(
    `update kernel.messages set attempts = $3, failure = $4, task = null, taken_at = null,
       due_at = now() + make_interval(secs => $5), failed_at = case when $6 then now() end
     where id = $1 and task = $2`,
    [id, task, attempts, code ?? type ?? 'unknown', seconds, last],
  );
  if (!last) kick();
}

const LONGEST_BACKOFF = 24 * 3600;
