import { BootReport } from '../boot-report.js';
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
  /** Packages that could not be loaded. */
  unloaded: Fault[];
  /** Of the environment and the configuration. */
  faults: Fault[];
  required: readonly string[];
}

/** Reads configuration, environment and packages; whatever is wrong is collected. */
export async function readComposition(root: string, report = new BootReport()): Promise<Composition> {
  const { settings, faults: ofSettings } = readSettings(process.env, root);
  const { config, faults: ofConfig } = await readPortalConfig(root);
  const named = config?.plugins ?? {};
  const { plugins, faults: unloaded } = await report.phase('load', (time) => loadPlugins(named, root, time));
  return { settings, plugins, unloaded, faults: [...ofSettings, ...ofConfig], required: config?.required ?? [] };
}

/**
 * The portal of a folder, not yet started.
 *
 * @throws CompositionError when not even the settings can be read
 */
export async function openPlatform(
  root: string,
  given?: KernelLogger,
): Promise<{ platform: Platform; settings: Settings; log: KernelLogger }> {
  const report = new BootReport();
  const { settings, ...composition } = await readComposition(root, report);
  if (settings === null) throw new CompositionError([...composition.faults, ...composition.unloaded]);
  const log = given ?? createLog(settings.logLevel);
  const platform = new Platform({
    settings,
    ...composition,
    report,
    uiFolder: findUi(root),
    log: log ?? createLog(settings.logLevel),
  });
  return { platform, settings, log };
}
