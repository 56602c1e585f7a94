import { join } from 'node:path';
import { readPortalConfig } from '../config/portal-config.js';
import { readSettings, type Settings } from '../config/settings.js';
import { findUi } from '../http/shell-page.js';
import { createLog, type KernelLogger } from '../log.js';
import { Platform } from '../platform.js';
import { CompositionError, type Fault } from '../plugins/fault.js';
import { loadPlugins } from '../plugins/load.js';
import type { LoadedPlugin } from '../plugins/loaded.js';

export interface Composition {
  settings: Settings | null;
  plugins: LoadedPlugin[];
  faults: Fault[];
}

/** Reads configuration, environment and packages; whatever is wrong is collected. */
export async function readComposition(root: string): Promise<Composition> {
  const { settings, faults: ofSettings } = readSettings(process.env, root);
  const { config, faults: ofConfig } = await readPortalConfig(root);
  const { plugins, faults: ofPackages } = config === null ? { plugins: [], faults: [] } : await loadPlugins(config.plugins, root);
  return { settings, plugins, faults: [...ofSettings, ...ofConfig, ...ofPackages] };
}

/**
 * The portal of a folder, not yet started.
 *
 * @throws CompositionError when not even the settings can be read
 */
export async function openPlatform(root: string, log?: KernelLogger): Promise<{ platform: Platform; settings: Settings }> {
  const { settings, plugins, faults } = await readComposition(root);
  if (settings === null) throw new CompositionError(faults);
  const platform = new Platform({
    settings,
    plugins,
    faults,
    uiFolder: findUi(join(root)),
    log: log ?? createLog(settings.logLevel),
  });
  return { platform, settings };
}
