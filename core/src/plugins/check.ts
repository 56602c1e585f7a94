import type { Fault } from '../foundation/diagnosis.js';
import type { CheckedPlugin, LoadedPlugin } from '../foundation/plugin.js';
import { checkComposition } from './check-composition.js';
import { checkManifest } from './check-manifest.js';
import { inOrder, orderByRequires } from './plugin-graph.js';

export interface CheckResult {
  /** Only those whose own manifest is sound, in load order: each after the plugins that it requires. */
  plugins: CheckedPlugin[];
  faults: Fault[];
  /** Faults that keep a plugin out of service, by its id, or by its package if two packages share an id. */
  unsound: ReadonlyMap<string, readonly Fault[]>;
}

/**
 * Checks all manifests, version ranges, configuration, points, names and routes. Of the plugins' code, only their schemas run. If two
 * plugins claim the same name, the first one gets it.
 *
 * @param absent ids of plugins that are configured but out of service; requiring them is not a fault
 */
export function checkPlugins(loaded: readonly LoadedPlugin[], absent: readonly string[] = []): CheckResult {
  const faults: Fault[] = [];
  const sound: CheckedPlugin[] = [];
  const twins: Fault[] = [];
  for (const plugin of loaded) {
    const { checked, faults: own } = checkOne(plugin);
    const first = loaded.find(({ definition }) => definition.id === plugin.definition.id) as LoadedPlugin;
    faults.push(...(first === plugin ? own : own.map((fault) => ({ ...fault, origin: plugin.origin }))));
    if (first !== plugin) twins.push(twinFault(first, plugin));
    if (checked !== null) sound.push(checked);
  }
  faults.push(...twins);
  const shapeless = loaded.map(({ definition }) => definition.id).filter((id) => !sound.some((plugin) => plugin.id === id));
  faults.push(...checkComposition(sound, new Set([...shapeless, ...absent])));
  // Of two packages with the same id, keep the first, so that the rest can still be checked.
  const unique = sound.filter((plugin) => !twins.some((twin) => twin.origin === plugin.origin && twin.plugin === plugin.id));

  const order = orderByRequires(sound.map(({ id, definition }) => ({ id, requires: Object.keys(definition.requires ?? {}) })));
  if ('circle' in order) {
    faults.push({
      plugin: order.circle[0] as string,
      where: 'requires',
      message: `These plugins require each other in a circle: ${order.circle.join(' → ')}.`,
      remedy: 'Let one of them publish an event or open a point instead of being required.',
    });
  }
  return { plugins: inOrder(unique), faults, unsound: faultsByPlugin(faults) };
}

/** Schemas are plugin code, so an error that they throw is the plugin's fault. */
function checkOne(plugin: LoadedPlugin): ReturnType<typeof checkManifest> {
  try {
    return checkManifest(plugin);
  } catch (error) {
    const message = `Checking it failed: ${error instanceof Error ? error.message : String(error)}`;
    const fault = { plugin: plugin.definition.id, where: 'manifest', message, remedy: 'Fix the schema or getter that throws.' };
    return { checked: null, faults: [fault] };
  }
}

const twinFault = (first: LoadedPlugin, { definition: { id }, origin }: LoadedPlugin): Fault => ({
  plugin: id,
  origin,
  where: 'id',
  message: `Two packages contain the plugin "${id}": ${first.origin} and ${origin}.`,
  remedy: 'Keep one of them in ilearn.config.ts.',
});

/** Faults by plugin. A fault about a name conflict is dropped if every plugin that claimed the name first has faults of its own. */
function faultsByPlugin(faults: readonly Fault[]): Map<string, Fault[]> {
  const out = new Map<string, Fault[]>();
  const put = (fault: Fault) => {
    const key = fault.origin ?? fault.plugin;
    out.set(key, [...(out.get(key) ?? []), fault]);
  };
  for (const fault of faults) if (fault.against === undefined) put(fault);
  for (const fault of faults) if (fault.against?.some((id) => !out.has(id))) put(fault);
  return out;
}
