import type { Page } from '../contract/plugin.js';
import type { CheckedPlugin, LoadedPlugin } from '../foundation/plugin.js';
import type { PluginState } from './plugin-state.js';

/** What the portal must know about a plugin that cannot be loaded; stored at its last start. */
export interface StoredManifest {
  version: string;
  /** Absent if it was stored by a kernel without contract numbers. */
  contract?: number;
  requires: string[];
  /** `<plugin>.<event>`; messages of these events wait for the plugin. */
  listensTo: string[];
  pages: Page[];
}

export interface PluginEntry {
  id: string;
  /** Name of its package. */
  readonly origin: string;
  /** null: it could not be imported. */
  loaded: LoadedPlugin | null;
  /** null: its manifest does not have the right shape. */
  checked: CheckedPlugin | null;
  remembered: StoredManifest | null;
  state: PluginState;
}

/** The ids of the plugins that it requires, from its manifest or, if that cannot be loaded, as last stored. */
export const requirementsOf = ({ loaded, remembered }: PluginEntry): string[] => {
  const requires = loaded?.definition.requires;
  return requires !== null && typeof requires === 'object' ? Object.keys(requires) : (remembered?.requires ?? []);
};

/** Version and contract of a plugin, from its package or, if that cannot be loaded, as last stored; null: unknown. */
export const versionsOf = ({ checked, remembered }: Pick<PluginEntry, 'checked' | 'remembered'>): PluginVersions => ({
  version: checked?.definition.version ?? remembered?.version ?? null,
  contract: checked?.contract ?? remembered?.contract ?? null,
});

export interface PluginVersions {
  version: string | null;
  contract: number | null;
}
