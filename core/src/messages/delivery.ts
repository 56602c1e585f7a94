import { systemPrincipal } from '../contract/principal.js';
import type { CheckedPlugin } from '../plugins/loaded.js';
import type { WorkRunner } from '../work-runner.js';
import type { Deliver } from './engine.js';
import type { Message } from './message.js';

/**
 * Runs a message's handler in a unit of work of its own. The receipt is written in the same transaction as the handler's
 * effects, so a message that the engine delivers again takes effect once.
 */
export function deliverTo(plugins: readonly CheckedPlugin[], runner: WorkRunner): Deliver {
  return async (message, attempt, signal) => {
    const plugin = plugins.find(({ id }) => id === message.plugin);
    if (plugin === undefined) throw new Error(`the plugin ${message.plugin} is not in this portal`);
    const { payload, handler } = handlerOf(plugin, message);
    await runner.run(
      { principal: systemPrincipal(message.schools), about: { plugin: plugin.id, message: message.name } },
      async (frame) => {
        const receipt = await frame.unit.kernel(
          'insert into kernel.receipts (message_id, plugin, name) values ($1, $2, $3) on conflict do nothing',
          [message.id, message.plugin, message.name],
        );
        if (receipt.rowCount === 0) return;
        const services = runner.cradleOf(plugin.id, frame);
        await handler({ payload, services, message: { id: message.id, attempt, at: new Date(message.at), signal } });
      },
    );
  };
}

function handlerOf(plugin: CheckedPlugin, message: Message) {
  if (message.kind === 'event') {
    const handler = plugin.definition.on?.[message.name];
    if (handler === undefined) throw new Error(`${plugin.id} no longer listens to ${message.name}`);
    return { handler, payload: message.payload };
  }
  const job = plugin.definition.jobs?.[message.name];
  if (job === undefined) throw new Error(`${plugin.id} no longer has the job ${message.name}`);
  return { handler: job.handler, payload: job.payload.parse(message.payload) };
}
