import type { ReadAccess } from '../../contract/privacy.js';
import type { CheckedPlugin } from '../../foundation/plugin.js';
import { recordedRoutes } from '../person-table.js';
import type { PrivacyTexts } from '../privacy-texts.js';

/** Who may call each route that reads, and the kinds of tenant in which each role is held. */
export function readAccessOf(plugins: readonly CheckedPlugin[], texts: PrivacyTexts): ReadAccess {
  const permissions = new Map(plugins.flatMap(({ definition }) => Object.entries(definition.permissions ?? {})));
  const kinds = new Map<string, string[]>();
  for (const { definition } of plugins) {
    for (const [role, of] of Object.entries(definition.roles ?? {}))
      kinds.set(role, [...(kinds.get(role) ?? []), ...[of].flat()]);
  }
  const reads = plugins.flatMap((plugin) => {
    const personal = new Set(recordedRoutes(plugin));
    return (plugin.definition.routes ?? [])
      .filter(({ method }) => method === 'GET')
      .map((route) => {
        const { path, permission } = route;
        const name = `GET /api/${plugin.id}${path}`;
        return {
          plugin: plugin.id,
          module: texts.ofPlugin(plugin),
          path: `/api/${plugin.id}${path}`,
          what: texts.ofDoing(plugin, { plugin: plugin.id, route: name }),
          personal: personal.has(route),
          who: whoMay(permission, permissions),
        };
      });
  });
  const held = [...new Set([...permissions.values()].flat())];
  return { roles: held.map((role) => ({ role, kinds: kinds.get(role) ?? [] })), reads };
}

const whoMay = (permission: string, permissions: ReadonlyMap<string, string[]>): ReadAccess['reads'][number]['who'] =>
  permission === 'public' || permission === 'signed-in' ? permission : (permissions.get(permission) ?? []);
