import { configuredKey } from '../access/configured-key.js';
import { checkMasterKey, type Database, readMasterKey } from '../access/master-key.js';
import { ClockWatch } from '../clock/clock-watch.js';
import { PortalClock } from '../clock/portal-clock.js';
import { LIVE_CONNECTIONS, type Settings } from '../config/settings.js';
import type { Containers } from '../container/create-containers.js';
import type { Portal } from '../contract/services.js';
import type { DatabaseHome } from '../database/homes/home.js';
import { Replica, remedyOfReplica } from '../database/homes/replica.js';
import type { FileStorage } from '../files/storage.js';
import { type Storing, storingFor } from '../files/storing.js';
import { PluginRuntime } from '../lifecycle/plugin-runtime.js';
import { PluginService } from '../lifecycle/plugin-service.js';
import type { PluginSupervisor } from '../lifecycle/plugin-supervisor.js';
import { LiveHub } from '../live/hub.js';
import { LivePublishing } from '../live/publishing.js';
import { Messaging } from '../messages/messaging.js';
import { storeManifests } from '../plugins/plugin-store.js';
import { objectionsOf } from '../privacy/choices/objections.js';
import { Privacy } from '../privacy/privacy.js';
import { PrivilegedPrivacy } from '../privacy/privileged-privacy.js';
import { AllSettingsService } from '../settings/all-settings.js';
import { CalendarService, portalZone } from '../settings/calendar.js';
import { SettingsStore } from '../settings/settings-store.js';
import { SlowStatements } from '../unit-of-work/slow-statements.js';
import { WorkRunner } from '../unit-of-work/work-runner.js';
import type { CheckedPlatform } from './checked-platform.js';

/** The second state of a platform: the database is open and units of work can run, but nothing is served yet. Enough for commands. */
export interface PreparedPlatform {
  readonly home: DatabaseHome;
  readonly runner: WorkRunner;
  readonly clocks: ClockWatch;
  readonly privacy: Privacy;
  readonly messaging: Messaging;
  readonly live: LiveHub;
  readonly runtime: PluginRuntime;
  readonly storage: FileStorage;
  /** What stores the files of a plugin's job or command. */
  storing(plugin: string): Storing;
  readonly settings: SettingsStore;
  /** For operators' commands. */
  readonly allSettings: AllSettingsService;
}

/**
 * @param supervisor of a serving platform; null before it serves
 * @throws CompositionError with the faults of the environment and the configuration; MasterKeyError
 */
export async function preparePlatform(
  checked: CheckedPlatform,
  supervisor: () => PluginSupervisor | null,
): Promise<PreparedPlatform> {
  const { options, composition, gate, names, outages, permissions, portal, announcements } = checked;
  const { log, settings } = options;
  const home = await checked.loadStoredStates();
  log.debug({ database: home.kind, plugins: composition.entries.map(({ id }) => id) }, 'the database is open');
  // Checked before anything is encrypted with the key.
  const key = await configuredKey(settings);
  await checkMasterKey(home.pool, key);
  const clock = new PortalClock(home);
  await clock.measure();
  const store = new SettingsStore({ home, log, readMaster: (database) => readMasterKey(database as Database, key) });
  const { storage, outgoing } = checked;
  const storing = (id: string): Storing => {
    const files = composition.find(id)?.checked?.definition.files;
    return storingFor({ id, files }, { home, storage, settings: settings.files });
  };
  const messaging = new Messaging({
    home,
    composition,
    gate,
    settings,
    log,
    outages,
    timeZone: () => portalZone(store),
    forgetSettings: store.forget,
    storing,
    tracer: checked.telemetry?.tracer ?? null,
  });
  // The time zone may have changed.
  store.onChange(() => void messaging.reconcile().catch((error: Error) => log.warn({ err: error.message }, 'schedules')));
  const allSettingsOf = (id: string) =>
    new AllSettingsService(id, {
      store,
      publish: (change) => messaging.publishing.settingsChanged(change),
      plugins: () => composition.active,
    });
  const clocks = new ClockWatch(home, clock, log, async () => messaging.reconcile(), outages);
  const containers: Containers = new Map();
  const { slowStatementMs } = settings;
  const slow =
    slowStatementMs === undefined
      ? null
      : new SlowStatements(slowStatementMs, log, (plugin) => checked.costs.slowStatement(plugin));
  const replica = replicaOf(settings, home, log);
  const runner = new WorkRunner(home, containers, log, settings.logLevel === 'debug', slow, replica);
  const privacy = new Privacy({
    home,
    log,
    outages,
    runner,
    names,
    clock,
    whyKeepEverything: () => clocks.whyKeepEverything(),
    portal,
    auditMonths: settings.auditMonths,
    operatorHosts: options.operatorHosts ?? {},
    purposeChanges: options.purposeChanges ?? {},
    makesExports: options.only !== 'web',
    storage,
    plugins: () => composition.active,
    announceExport: (ready, tenants) => messaging.publishing.exportReady(ready, tenants),
  });
  const most = settings.liveConnections ?? LIVE_CONNECTIONS;
  const live = new LiveHub({ home, composition, gate, runner, permissions, log, outages, most });
  const runtime = new PluginRuntime({
    runner,
    privacyOf: (id) => new PrivilegedPrivacy(id, privacy),
    objectionsOf: (id) => objectionsOf(id, (purpose) => privacy.choiceOf(purpose)),
    containers,
    names,
    portal: readOnly(portal),
    clock,
    messaging,
    live: new LivePublishing(live.wake),
    pluginsOf: (id) => new PluginService(id, composition, checked.costs, supervisor),
    isOut: (id) => composition.isOut(id),
    permissions,
    log,
    configuredKey: key,
    outgoing,
    files: { storage, quotaBytes: settings.files.quotaBytes },
    settings: store,
    calendar: new CalendarService(store, clock),
    allSettingsOf,
    startSeconds: settings.pluginStartSeconds,
    announce: (line) => announcements.push(line),
  });
  return {
    home,
    runner,
    clocks,
    privacy,
    messaging,
    live,
    runtime,
    storage,
    storing,
    settings: store,
    allSettings: allSettingsOf('kernel'),
  };
}

/**
 * Checks, migrates and builds all plugins, and starts them if `start` is set.
 *
 * @throws CompositionError with every fault, if a required plugin is at fault
 */
export async function activatePlugins(
  { composition, activation, report }: CheckedPlatform,
  { home, runtime, clocks, privacy }: PreparedPlatform,
  start: boolean,
): Promise<void> {
  const all = composition.entries.map(({ id }) => id);
  await activation.activate(home, runtime, all, { start, boot: true, report });
  await storeManifests(home.pool, composition.entries);
  await clocks.look();
  await privacy.maintainPartitions();
}

/** The replica of `READ_DATABASE_URL`; null without one. */
function replicaOf(settings: Settings, home: DatabaseHome, log: CheckedPlatform['options']['log']): Replica | null {
  const { readDatabaseUrl: url, databaseConnections: connections } = settings;
  if (url === undefined || home.kind !== 'postgresql') return null;
  return new Replica({
    url,
    connections,
    limits: home.limits,
    primary: home.ask,
    changed(state) {
      if (state === 'used') log.info({}, 'the replica is read');
      else log.warn({ state, remedy: remedyOfReplica[state] }, 'the replica is not read');
    },
  });
}

/** The plugins' view of the portal: its address changes once, when a port is chosen. */
const readOnly = (portal: Portal): Portal =>
  Object.freeze({
    get url() {
      return portal.url;
    },
    languages: portal.languages,
  });
