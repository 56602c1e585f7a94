import type { Page } from '../contract/plugin.js';
import type { CheckedPlugin, LoadedPlugin } from '../foundation/plugin.js';
import type { PluginState } from './plugin-state.js';

/** What the portal must know of a plugin that cannot be loaded; stored at its last start. */
export interface StoredManifest {
  version: string;
  /** Absent where a kernel without contract numbers stored it. */
  contract?: number;
  requires: string[];
  /** `<plugin>.<event>`; messages of these wait for the plugin. */
  listensTo: string[];
  pages: Page[];
}

export interface PluginEntry {
  id: string;
  /** Its package. */
  readonly origin: string;
  /** null: it could not be imported. */
  loaded: LoadedPlugin | null;
  /** null: its manifest does not have the right shape. */
  checked: CheckedPlugin | null;
  remembered: StoredManifest | null;
  state: PluginState;
}

/** The ids of the plugins that it requires, from its manifest or, where that cannot be loaded, as last stored. */
export const requirementsOf = ({ loaded, remembered }: PluginEntry): string[] => {
  const requires = loaded?.definition.requires;
  return requires !== null && typeof requires === 'object' ? Object.keys(requires) : (remembered?.requires ?? []);
};

/** Version and contract of a plugin, from its package or, where that cannot be loaded, as last stored; null: not known. */
export const versionsOf = ({ checked, remembered }: Pick<PluginEntry, 'checked' | 'remembered'>): PluginVersions => ({
  version: checked?.definition.version ?? remembered?.version ?? null,
  contract: checked?.contract ?? remembered?.contract ?? null,
});

export interface PluginVersions {
  version: string | null;
  contract: number | null;
}
