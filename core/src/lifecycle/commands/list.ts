import { versionsOf } from '../../plugins/plugin-entry.js';
import { readStoredStates } from '../../plugins/plugin-store.js';
import { liveProcesses, type ReportedState } from '../process-registry.js';
import { type CommandContext, type PluginCommand, succeeded } from './command.js';
import { render } from './render-states.js';

/** Each plugin with state, version, contract, cause and remedy, as reported by the running processes; if none runs, as it would start. */
export const list: PluginCommand = async (context) => {
  await context.sync?.();
  const processes = await liveProcesses(context.home.pool);
  if (processes.length === 0) {
    return succeeded('No portal is running on this database.', '', ...render(await atNextStart(context)));
  }
  const [first] = processes;
  const same = processes.every(({ plugins }) => JSON.stringify(plugins) === JSON.stringify(first?.plugins));
  if (same && first !== undefined) return succeeded(...render(first.plugins));
  return succeeded(...processes.flatMap(({ name, plugins }) => [`${name}:`, ...render(plugins).map((line) => `  ${line}`), '']));
};

async function atNextStart({ composition, home }: CommandContext): Promise<Record<string, ReportedState>> {
  const states: Record<string, ReportedState> = {};
  for (const entry of composition.entries) {
    const { id, state } = entry;
    const versions = versionsOf(entry);
    if (state.state !== 'quarantined') states[id] = { state: state.state, ...versions };
    else
      states[id] = {
        state: 'quarantined',
        ...versions,
        phase: state.phase,
        code: state.code,
        faults: state.faults.map(({ where, message, remedy }) => ({ where, message, remedy })),
      };
  }
  for (const { id, enabled, remembered } of await readStoredStates(home.pool)) {
    if (states[id] === undefined && !enabled) states[id] = { state: 'disabled', ...versionsOf({ checked: null, remembered }) };
  }
  return states;
}
