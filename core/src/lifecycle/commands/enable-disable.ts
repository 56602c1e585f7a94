import { setTimeout as pause } from 'node:timers/promises';
import { disablingImpact, requestRetry, resolvePluginId, setEnabled } from '../operator-requests.js';
import { liveProcesses } from '../process-registry.js';
import { type CommandContext, type CommandResult, type PluginCommand, refused, succeeded, unknownPlugin } from './command.js';
import { render } from './render-states.js';

/** Processes poll every two seconds; starting a plugin may take longer. */
const PATIENCE_MS = 60_000;

export const retry: PluginCommand = async (context, { id }) => {
  const { home, composition } = context;
  const name = await resolvePluginId(home.pool, composition, id);
  if (name === null) return unknownPlugin(id, composition);
  await requestRetry(home.pool, name);
  return follow(context, name);
};

export const enable: PluginCommand = async (context, { id }) => {
  const { home, composition } = context;
  const name = await resolvePluginId(home.pool, composition, id);
  if (name === null) return unknownPlugin(id, composition);
  await setEnabled(home.pool, [name], true);
  return follow(context, name);
};

export const disable: PluginCommand = async (context, { id, options }) => {
  const { home, composition } = context;
  const name = await resolvePluginId(home.pool, composition, id);
  if (name === null) return unknownPlugin(id, composition);
  const { required, dependants } = await disablingImpact(home.pool, composition, name);
  if (required.length > 0) {
    return refused(
      `This portal requires ${required.join(', ')}.`,
      '→ Remove it from required in ilearn.config.ts, restart the portal, then disable it.',
    );
  }
  if (dependants.length > 0 && options.withDependants !== true) {
    return refused(
      `${dependants.join(', ')} ${dependants.length === 1 ? 'requires' : 'require'} ${name}.`,
      `→ Disable ${dependants.length === 1 ? 'it' : 'them'} too: ilearn plugin disable ${name} --with-dependants.`,
    );
  }
  await setEnabled(home.pool, [name, ...dependants], false);
  const outcome = await follow(context, name);
  return { ...outcome, code: 0, lines: [...outcome.lines, 'Its data are kept. ilearn plugin enable brings it back.'] };
};

/** Waits until every running process has applied the request, and reports the outcome. */
async function follow({ home, sync }: CommandContext, id: string): Promise<CommandResult> {
  await sync?.();
  const { rows } = await home.pool.query<{ now: Date }>('select clock_timestamp() as now');
  const asked = rows[0]?.now as Date;
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const processes = await liveProcesses(home.pool);
    if (processes.length === 0) return succeeded(`No portal is running: this takes effect at its next start.`);
    if (sync !== null || processes.every(({ looked_at }) => looked_at > asked)) {
      const states = processes.flatMap(({ plugins }) => plugins[id] ?? []);
      const [worst] = [...states.filter(({ state }) => state === 'quarantined'), ...states];
      if (worst === undefined) return succeeded(`${id} is not part of the running portal.`);
      return { code: worst.state === 'quarantined' ? 2 : 0, lines: render({ [id]: worst }) };
    }
    if (performance.now() > deadline) return refused('A process of the portal did not answer. See: ilearn plugin list');
    await pause(250);
  }
}
