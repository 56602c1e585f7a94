import { currentFrame } from '../context/frame.js';
import type { PluginDefinition } from '../contract/plugin.js';
import type { TenantScope } from '../contract/principal.js';
import { forbidden } from '../contract/problem.js';
import type { Settings } from '../contract/settings.js';
import type { SettingsStore } from './settings-store.js';
import { PORTAL } from './stored-settings.js';

/** The service `settings` of one plugin. */
export function settingsOf(definition: PluginDefinition, store: SettingsStore): Settings {
  const { id, settings = {} } = definition;
  const read = (tenant: string, part: 'portal' | 'tenant') => {
    if (settings[part] === undefined)
      throw new Error(`${id} declares no settings of the ${part}; add settings.${part} to its manifest.`);
    const { unit, principal } = currentFrame(id);
    if (part === 'tenant' && !actsFor(principal.tenants, tenant)) throw forbidden('You do not act for this tenant.');
    return store.values(id, settings, tenant, unit);
  };
  const service = {
    portal: async () => read(PORTAL, 'portal'),
    of: async (tenant: string) => read(tenant, 'tenant'),
  };
  return service as unknown as Settings;
}

export const actsFor = (scope: TenantScope, tenant: string): boolean => scope === '*' || scope.includes(tenant);
