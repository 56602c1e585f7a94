import { setTimeout as pause } from 'node:timers/promises';
import type { DatabaseHome } from '../database/home.js';
import { requirementsOf } from '../plugins/composition.js';
import { render } from './list.js';
import { liveProcesses } from './processes.js';
import { done, type Outcome, refused, type Verb, type VerbContext } from './verbs.js';

/** Processes look every two seconds; a slow start of a plugin takes longer. */
const PATIENCE_MS = 60_000;

export const retry: Verb = async (context, { id }) => {
  const name = await known(context, id);
  if (name === null) return unknown(id);
  const { rows } = await context.home.pool.query<{ at: Date }>(
    `update kernel.plugin_states set retry_asked_at = clock_timestamp() where id = $1 returning retry_asked_at as at`,
    [name],
  );
  return follow(context, name, rows[0]?.at);
};

export const enable: Verb = async (context, { id }) => {
  const name = await known(context, id);
  if (name === null) return unknown(id);
  return follow(context, name, await setEnabled(context.home, [name], true));
};

export const disable: Verb = async (context, { id, options }) => {
  const name = await known(context, id);
  if (name === null) return unknown(id);
  const dependants = await enabledDependants(context, name);
  if (dependants.length > 0 && options.withDependants !== true) {
    return refused(
      `${dependants.join(', ')} ${dependants.length === 1 ? 'requires' : 'require'} ${name}.`,
      `→ Disable ${dependants.length === 1 ? 'it' : 'them'} too: ilearn plugin disable ${name} --with-dependants.`,
    );
  }
  const outcome = await follow(context, name, await setEnabled(context.home, [name, ...dependants], false));
  return { ...outcome, code: 0, lines: [...outcome.lines, 'Its data are kept. ilearn plugin enable brings it back.'] };
};

/** Those that require it, directly or not, and are enabled; nearest first. */
export async function enabledDependants({ composition, home }: VerbContext, id: string): Promise<string[]> {
  const { rows } = await home.pool.query<{ id: string }>('select id from kernel.plugin_states where not enabled');
  const disabled = new Set(rows.map((row) => row.id));
  const found: string[] = [];
  const look = (required: string) => {
    for (const entry of composition.entries) {
      if (entry.id === id || disabled.has(entry.id) || found.includes(entry.id)) continue;
      if (!requirementsOf(entry).includes(required)) continue;
      found.push(entry.id);
      look(entry.id);
    }
  };
  look(id);
  return found;
}

/** The id of a plugin of the composition or the database, given by id or package; null when there is none. */
export async function known({ composition, home }: VerbContext, name: string): Promise<string | null> {
  const entry = composition.find(name);
  if (entry !== undefined) {
    await home.pool.query('insert into kernel.plugin_states (id, origin) values ($1, $2) on conflict do nothing', [
      entry.id,
      entry.origin,
    ]);
    return entry.id;
  }
  const { rows } = await home.pool.query<{ id: string }>(
    `select id from kernel.plugins where id = $1 union select id from kernel.plugin_states where id = $1 or origin = $1`,
    [name],
  );
  return rows[0]?.id ?? null;
}

export const unknown = (id: string): Outcome => refused(`There is no plugin "${id}" in this portal. See: ilearn plugin list`);

async function setEnabled({ pool }: DatabaseHome, ids: readonly string[], enabled: boolean): Promise<Date | undefined> {
  const { rows } = await pool.query<{ at: Date }>(
    'update kernel.plugin_states set enabled = $2 where id = any($1) returning clock_timestamp() as at',
    [ids, enabled],
  );
  return rows[0]?.at;
}

/** Waits until every running process did as asked, and tells what became of it. */
async function follow({ home, sync }: VerbContext, id: string, asked: Date | undefined): Promise<Outcome> {
  await sync?.();
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const processes = await liveProcesses(home);
    if (processes.length === 0) return done(`No portal is running: this holds from its next start.`);
    if (sync !== null || processes.every(({ seen_at }) => asked === undefined || seen_at > asked)) {
      const states = processes.flatMap(({ plugins }) => plugins[id] ?? []);
      const [worst] = [...states.filter(({ state }) => state === 'quarantined'), ...states];
      if (worst === undefined) return done(`${id} is not in the composition that runs.`);
      return { code: worst.state === 'quarantined' ? 2 : 0, lines: render({ [id]: worst }) };
    }
    if (Date.now() > deadline) return refused('A process of the portal did not answer. See: ilearn plugin list');
    await pause(250);
  }
}
