import { setImmediate as turn } from 'node:timers/promises';
import { systemPrincipal } from '../contract/principal.js';
import type { Logger } from '../contract/services.js';
import type { DatabaseHome } from '../database/home.js';
import { describeError, mendOf } from '../log.js';
import type { Composition } from '../plugins/composition.js';
import type { Gate } from '../plugins/gate.js';
import type { CheckedPlugin } from '../plugins/loaded.js';
import { OutOfService } from '../plugins/state.js';
import type { WorkRunner } from '../work-runner.js';
import type { Deliver } from './engine.js';
import type { Message } from './message.js';

/**
 * Runs a message's handler in a unit of work that first takes the message out of `kernel.messages`. Effects and receipt are so
 * one commit: a message that an engine delivers twice is found once, and one whose handler fails is still there.
 */
export function deliverWith(home: DatabaseHome, composition: Composition, gate: Gate, runner: WorkRunner, log: Logger): Deliver {
  const handle = async (
    id: string,
    attempt: number,
    signal: AbortSignal,
    about: { plugin?: string; handler?: string },
  ): Promise<void> => {
    await runner.run({ about: { message: id } }, async (outer) => {
      const { rows } = await outer.unit.kernel<Message & { [column: string]: unknown }>(
        'delete from kernel.messages where id = $1 returning id, plugin, kind, name, payload, schools, created_at',
        [id],
      );
      const message = rows[0];
      if (message === undefined) return;
      Object.assign(about, { plugin: message.plugin, handler: `${message.kind} ${message.name}` });
      await gate.pass(message.plugin, () =>
        runner.as(outer, systemPrincipal(message.schools), async (frame) => {
          const plugin = composition.find(message.plugin)?.checked;
          if (plugin == null) throw new Error(`the plugin ${message.plugin} is not in this portal`);
          const { payload, handler } = handlerOf(plugin, message, composition.active);
          await handler({
            payload,
            services: runner.cradleOf(plugin.id, frame),
            message: { id, attempt, at: message.created_at, signal },
          });
        }),
      );
    });
  };

  return async (id, attempt, last, signal) => {
    // Everything on the embedded database happens in microtasks: a row of handlers would keep requests and timers from their turn.
    await turn();
    const about = {};
    try {
      await handle(id, attempt, signal, about);
    } catch (error) {
      if (error instanceof OutOfService) {
        // It waits until its plugin is back, with all its tries.
        await home.pool.query('update kernel.messages set taken_at = null where id = $1', [id]);
        return;
      }
      log.warn({ ...about, message: id, attempt, last, mend: mendOf(error), err: describeError(error) }, 'handler failed');
      if (last) {
        const { name, code } = (error ?? {}) as Partial<Error & { code: string }>;
        // The message is kept for the operator; what the error says may hold people's data.
        await home.pool.query('update kernel.messages set failed_at = now(), failure = $2 where id = $1', [
          id,
          code ?? name ?? 'unknown',
        ]);
      }
      // The engine keeps what it catches: not PostgreSQL's detail, which repeats values.
      throw new Error('the handler failed; the log tells why');
    }
  };
}

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
