import type { PluginDefinition } from '../contract/plugin.js';

/** A plugin as found: its definition, its package and its configuration, unchecked. */
export interface LoadedPlugin {
  definition: PluginDefinition;
  /** Package name, or where a test created it. */
  origin: string;
  rawConfig: unknown;
  /** URL of its package's folder; used to find whose code failed or fills the memory. */
  folder?: string;
  /** The contract for which its package is written; absent if it has no package and is compiled with this kernel. */
  contract?: number;
}

/** A plugin whose manifest and configuration were checked. */
export interface CheckedPlugin {
  id: string;
  definition: PluginDefinition;
  origin: string;
  /** The contract for which it is written. */
  contract: number;
  config: unknown;
  contributes: Record<string, unknown[]>;
}

/** `data-space` → `dataSpace`: the name under which a required plugin's exports are injected. */
export const injectedName = (pluginId: string): string =>
  pluginId.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
