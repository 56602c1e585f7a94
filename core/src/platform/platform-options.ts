import type { ProcessRole, Settings } from '../config/settings.js';
import type { MachineClient } from '../contract/machines.js';
import type { PurposeChange } from '../contract/purpose.js';
import type { DatabaseHome } from '../database/homes/home.js';
import type { BootReport } from '../foundation/boot-report.js';
import type { Fault } from '../foundation/diagnosis.js';
import type { KernelLogger } from '../foundation/log.js';
import type { LoadedPlugin } from '../foundation/plugin.js';
import type { Reload } from '../lifecycle/plugin-switch.js';
import type { OperatorHosts, OutgoingParts } from '../outgoing/outgoing-http.js';

export interface PlatformOptions {
  settings: Settings;
  plugins: readonly LoadedPlugin[];
  /** Packages that could not be loaded; `plugin` is the package's name. */
  unloaded?: readonly Fault[];
  /** Faults of the portal itself (environment, configuration); with any, it does not start. */
  faults?: readonly Fault[];
  /** Packages without which the portal does not start; default all. */
  required?: readonly string[] | 'all';
  /** Continues the measurements of an earlier phase. */
  report?: BootReport;
  log: KernelLogger;
  /** Folder of the built UI; null: the portal has no pages. */
  uiFolder: string | null;
  /** Packages that were not loaded because they are disabled. */
  skipped?: readonly string[];
  /** Imports a package again when it is retried. */
  reload?: Reload;
  /** An open database to use instead of the configured one. The caller closes it, unless `closesHome` is set. */
  home?: DatabaseHome;
  closesHome?: boolean;
  /** Opens the configured database; default: with the limits of a serving process. */
  open?: () => Promise<DatabaseHome>;
  /** Hosts that the operator lets plugins call. */
  operatorHosts?: OperatorHosts;
  /** What the operator changes about purposes, by id. */
  purposeChanges?: Readonly<Record<string, PurposeChange>>;
  /** For tests: how outgoing calls resolve names, and which certificates they trust. */
  outgoing?: Pick<OutgoingParts, 'resolve' | 'ca'>;
  /** For tests: machines by bearer token. */
  machines?: ReadonlyMap<string, MachineClient>;
  /** `web` answers requests and runs no handlers; `worker` runs handlers and answers only /health and /metrics. Default: both. */
  only?: ProcessRole | undefined;
}
