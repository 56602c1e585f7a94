import { setTimeout as pause } from 'node:timers/promises';
import { askRetry, known, setEnabled, whatDisablingTakes } from '../operator-requests.js';
import { liveProcesses } from '../process-registry.js';
import { done, type Outcome, refused, unknown, type Verb, type VerbContext } from './command.js';
import { render } from './render-states.js';

/** Processes look every two seconds; a slow start of a plugin takes longer. */
const PATIENCE_MS = 60_000;

export const retry: Verb = async (context, { id }) => {
  const { home, composition } = context;
  const name = await known(home.pool, composition, id);
  if (name === null) return unknown(id);
  await askRetry(home.pool, name);
  return follow(context, name);
};

export const enable: Verb = async (context, { id }) => {
  const { home, composition } = context;
  const name = await known(home.pool, composition, id);
  if (name === null) return unknown(id);
  await setEnabled(home.pool, [name], true);
  return follow(context, name);
};

export const disable: Verb = async (context, { id, options }) => {
  const { home, composition } = context;
  const name = await known(home.pool, composition, id);
  if (name === null) return unknown(id);
  const { required, dependants } = await whatDisablingTakes(home.pool, composition, name);
  if (required.length > 0) {
    return refused(
      `This portal cannot do without ${required.join(', ')}.`,
      '→ Take it out of required in ilearn.config.ts, start again, and disable then.',
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

/** Waits until every running process did as asked, and tells what became of it. */
async function follow({ home, sync }: VerbContext, id: string): Promise<Outcome> {
  await sync?.();
  const { rows } = await home.pool.query<{ now: Date }>('select clock_timestamp() as now');
  const asked = rows[0]?.now as Date;
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const processes = await liveProcesses(home.pool);
    if (processes.length === 0) return done(`No portal is running: this holds from its next start.`);
    if (sync !== null || processes.every(({ looked_at }) => looked_at > asked)) {
      const states = processes.flatMap(({ plugins }) => plugins[id] ?? []);
      const [worst] = [...states.filter(({ state }) => state === 'quarantined'), ...states];
      if (worst === undefined) return done(`${id} is not in the composition that runs.`);
      return { code: worst.state === 'quarantined' ? 2 : 0, lines: render({ [id]: worst }) };
    }
    if (performance.now() > deadline) return refused('A process of the portal did not answer. See: ilearn plugin list');
    await pause(250);
  }
}
