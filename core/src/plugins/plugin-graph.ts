import { requiredBy, usedBy } from '../contract/dependencies.js';
import type { CheckedPlugin } from '../foundation/plugin.js';
import { type PluginEntry, requirementsOf } from './plugin-entry.js';

/** Each id after those that it requires, otherwise in the given order; or the ids of one cycle. */
export function orderByRequires(
  plugins: readonly { id: string; requires: readonly string[] }[],
): { ordered: string[] } | { circle: string[] } {
  const byId = new Map(plugins.map((plugin) => [plugin.id, plugin]));
  const done = new Set<string>();
  const ordered: string[] = [];

  const visit = (id: string, trail: string[]): string[] | null => {
    if (done.has(id)) return null;
    if (trail.includes(id)) return [...trail.slice(trail.indexOf(id)), id];
    for (const required of byId.get(id)?.requires ?? []) {
      if (!byId.has(required)) continue;
      const circle = visit(required, [...trail, id]);
      if (circle !== null) return circle;
    }
    done.add(id);
    ordered.push(id);
    return null;
  };

  for (const { id } of plugins) {
    const circle = visit(id, []);
    if (circle !== null) return { circle };
  }
  return { ordered };
}

/**
 * The plugins in load order: each after those that it requires, and after each optional one that does not itself come after it. If the
 * required ones form a cycle, the given order is kept.
 */
export function inOrder(plugins: readonly CheckedPlugin[]): CheckedPlugin[] {
  const before = new Map(plugins.map(({ id, definition }) => [id, requiredBy(definition)]));
  const comesAfter = (id: string, other: string, seen = new Set<string>()): boolean => {
    if (id === other) return true;
    if (seen.has(id)) return false;
    seen.add(id);
    return (before.get(id) ?? []).some((each) => comesAfter(each, other, seen));
  };
  for (const { id, definition } of plugins) {
    const usable = usedBy(definition).filter((other) => !comesAfter(other, id));
    before.set(id, [...(before.get(id) ?? []), ...usable]);
  }
  const order = orderByRequires(plugins.map(({ id }) => ({ id, requires: before.get(id) ?? [] })));
  if ('circle' in order) return [...plugins];
  const byId = new Map(plugins.map((plugin) => [plugin.id, plugin]));
  return order.ordered.map((id) => byId.get(id) as CheckedPlugin);
}

/**
 * The plugins that require `id`, directly or through others. A plugin for which `follow` returns false is left out, and so are plugins that
 * depend on `id` only through it. Each comes after the plugin through which it was found.
 */
export function dependantsIn(
  entries: readonly PluginEntry[],
  id: string,
  follow: (entry: PluginEntry) => boolean,
): PluginEntry[] {
  const found: PluginEntry[] = [];
  const visit = (required: string) => {
    for (const entry of entries) {
      if (entry.id === id || found.includes(entry) || !follow(entry)) continue;
      if (!requirementsOf(entry).includes(required)) continue;
      found.push(entry);
      visit(entry.id);
    }
  };
  visit(id);
  return found;
}
