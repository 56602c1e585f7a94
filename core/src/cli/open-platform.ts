import { randomUUID } from 'node:crypto';
import { readPortalConfig } from '../config/portal-config.js';
import type { ProcessRole } from '../config/settings.js';
import { readSettings, type Settings } from '../config/settings.js';
import type { PurposeChange } from '../contract/purpose.js';
import { CommandError } from '../contract/work.js';
import { addressOf, type DatabaseHome, openHome } from '../database/homes/home.js';
import { commandLimits } from '../database/homes/session-settings.js';
import { BootReport } from '../foundation/boot-report.js';
import { CompositionError, type Fault } from '../foundation/diagnosis.js';
import { createLog, type KernelLogger } from '../foundation/log.js';
import type { LoadedPlugin } from '../foundation/plugin.js';
import { findUi } from '../http/shell-page.js';
import type { Reload } from '../lifecycle/plugin-switch.js';
import type { OperatorHosts } from '../outgoing/outgoing-http.js';
import { policyOf, setOutgoingPolicy } from '../outgoing/policy.js';
import { Platform } from '../platform/platform.js';
import { checkOperatorHosts } from '../plugins/check-http.js';
import { checkPurposeChanges } from '../plugins/check-purposes.js';
import { loadPlugins } from '../plugins/load.js';
import { readStoredStates } from '../plugins/plugin-store.js';

export interface Composition {
  settings: Settings | null;
  plugins: LoadedPlugin[];
  /** Packages that could not be loaded. */
  unloaded: Fault[];
  /** Faults of the environment and the configuration. */
  faults: Fault[];
  required: readonly string[];
  /** Hosts that the operator allows plugins to call. */
  operatorHosts: OperatorHosts;
  purposeChanges: Readonly<Record<string, PurposeChange>>;
  /** Disabled packages, whose code is not loaded. */
  skipped: readonly string[];
  reload: Reload;
  /** Every package that the configuration names. */
  packages: readonly string[];
}

interface ReadOptions {
  report?: BootReport;
  /** Returns packages not to load; called once settings and configuration are valid. */
  skip?(settings: Settings): Promise<readonly string[]>;
}

/** Reads configuration, environment and packages, and collects all faults. */
export async function readComposition(
  root: string,
  { report = new BootReport(), skip = async () => [] }: ReadOptions = {},
): Promise<Composition> {
  const { settings, faults: ofSettings } = readSettings(process.env, root);
  const { config, faults: ofConfig } = await readPortalConfig(root);
  // Contributions are checked against it, also by commands that open no portal.
  if (settings !== null) setOutgoingPolicy(policyOf(settings.publicUrl ?? 'http://localhost', settings.outgoingPrivate));
  const faults = [...ofSettings, ...ofConfig];
  const all = Object.entries(config?.plugins ?? {});
  const disabled = settings === null || faults.length > 0 ? [] : await skip(settings);
  const skipped = all.map(([name]) => name).filter((name) => disabled.includes(name));
  const named = Object.fromEntries(all.filter(([name]) => !skipped.includes(name)));
  const { plugins, faults: unloaded } = await report.phase('load', (time) => loadPlugins(named, root, time));
  const reload: Reload = async (origin) => {
    const now = await readPortalConfig(root);
    if (now.config === null) return { fault: now.faults[0] as Fault };
    const rawConfig = now.config.plugins[origin] ?? {};
    const again = await loadPlugins({ [origin]: rawConfig }, root, (_, step) => step(), randomUUID());
    const [plugin] = again.plugins;
    return plugin === undefined ? { fault: again.faults[0] as Fault } : { plugin };
  };
  const packages = all.map(([name]) => name);
  const required = config?.required ?? [];
  const operatorHosts = config?.http ?? {};
  const purposeChanges = config?.purposes ?? {};
  const complete = unloaded.length === 0 && skipped.length === 0;
  faults.push(...checkOperatorHosts(operatorHosts, plugins, complete));
  faults.push(...checkPurposeChanges(purposeChanges, plugins, complete));
  return { settings, plugins, unloaded, skipped, reload, faults, packages, operatorHosts, purposeChanges, required };
}

export interface OpenOptions {
  log?: KernelLogger;
  /** Open the database first, so that no code of a disabled plugin runs. */
  databaseFirst?: boolean;
  only?: ProcessRole | undefined;
  /** The process serves requests and jobs. Otherwise it runs a command, whose statements have no time limit. */
  serves?: boolean;
}

/**
 * Opens the portal of a folder without starting it.
 *
 * @throws CompositionError if the settings cannot be read
 */
export async function openPlatform(
  root: string,
  { log: given, databaseFirst = false, only, serves = false }: OpenOptions = {},
): Promise<{
  platform: Platform;
  settings: Settings;
  log: KernelLogger;
  packages: readonly string[];
  operatorHosts: OperatorHosts;
}> {
  const report = new BootReport();
  const limits = { usual: commandLimits, jobs: null };
  const where = (found: Settings) => (serves ? addressOf(found) : { ...addressOf(found), limits });
  let home: DatabaseHome | undefined;
  const skip = async (found: Settings) => {
    if (only !== undefined && found.databaseUrl === undefined) {
      throw new CommandError(
        `--only ${only} needs DATABASE_URL: the embedded database can be used by one process at a time.\n` +
          'Set DATABASE_URL to a PostgreSQL server, or start the portal without --only.',
      );
    }
    home = await openHome(where(found));
    return (await readStoredStates(home.pool)).filter(({ enabled }) => !enabled).map(({ origin }) => origin);
  };
  const { settings, ...composition } = await readComposition(root, { report, ...(databaseFirst ? { skip } : {}) });
  if (settings === null) throw new CompositionError([...composition.faults, ...composition.unloaded]);
  const log = given ?? createLog(settings.logLevel);
  const platform = new Platform({
    settings,
    ...composition,
    ...(home === undefined ? {} : { home, closesHome: true }),
    open: () => openHome(where(settings)),
    report,
    uiFolder: findUi(root),
    only,
    log,
  });
  const { packages, operatorHosts } = composition;
  return { platform, settings, log, packages, operatorHosts };
}
