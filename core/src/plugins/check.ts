import { KERNEL_VERSION } from '../version.js';
import { checkComposition } from './check-composition.js';
import { checkManifest } from './check-manifest.js';
import type { Fault } from './fault.js';
import type { CheckedPlugin, LoadedPlugin } from './loaded.js';
import { orderByRequires } from './order.js';

export interface CheckResult {
  /** In load order: each after those it requires. Only plugins whose own manifest is sound. */
  plugins: CheckedPlugin[];
  faults: Fault[];
}

/** Checks all manifests, ranges, configuration, points, names and routes; no code of a plugin runs but its schemas. */
export function checkPlugins(loaded: readonly LoadedPlugin[]): CheckResult {
  const faults: Fault[] = [];
  const sound: CheckedPlugin[] = [];
  for (const plugin of loaded) {
    const { checked, faults: own } = checkManifest(plugin, KERNEL_VERSION);
    faults.push(...own);
    if (checked !== null) sound.push(checked);
  }
  const unsound = new Set(
    loaded.map(({ definition }) => definition.id).filter((id) => !sound.some((plugin) => plugin.id === id)),
  );
  faults.push(...checkComposition(sound, unsound));
  // Of two with one id the first is kept, so that the rest can still be checked.
  const unique = sound.filter(({ id }, index) => sound.findIndex((other) => other.id === id) === index);

  const order = orderByRequires(sound.map(({ id, definition }) => ({ id, requires: Object.keys(definition.requires ?? {}) })));
  if ('circle' in order) {
    faults.push({
      plugin: order.circle[0] as string,
      where: 'requires',
      message: `These plugins require each other in a circle: ${order.circle.join(' → ')}.`,
      mend: 'Let one of them publish an event or open a point instead of being required.',
    });
    return { plugins: unique, faults };
  }
  const rank = new Map(order.ordered.map((id, index) => [id, index]));
  unique.sort((a, b) => (rank.get(a.id) ?? 0) - (rank.get(b.id) ?? 0));
  return { plugins: unique, faults };
}
