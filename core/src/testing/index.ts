import { randomUUID } from 'node:crypto';
import type { lookup } from 'node:dns';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AccessService } from '../access/access-service.js';
import type { Permissions } from '../access/roles.js';
import { createSession } from '../access/sessions.js';
import { registerTenants } from '../access/tenant-service.js';
import type { ProcessRole, Settings } from '../config/settings.js';
import type { MachineClient } from '../contract/machines.js';
import type { PluginDefinition } from '../contract/plugin.js';
import type { RoleGrant } from '../contract/principal.js';
import type { AgeBand, Tenant } from '../contract/privileged.js';
import type { PurposeChange } from '../contract/purpose.js';
import { createLog } from '../foundation/log.js';
import { cookieName } from '../http/exchange.js';
import { Platform } from '../platform/platform.js';
import type { PlatformOptions } from '../platform/platform-options.js';
import { TestClient } from './client.js';
import type { Migrated } from './copy-migrated.js';
import { joinTestHome, openTestHome } from './test-home.js';

export type { Answer, RequestOptions } from './client.js';
export { TestClient } from './client.js';
export { createDatabase } from './create-database.js';
export { countStatements, type StatementCount } from './statement-count.js';
export { openTestHome } from './test-home.js';

/** Options of `createTestPlatform`. */
export interface TestPlatformOptions {
  plugins: PluginDefinition[];
  /** Configuration by plugin id. */
  config?: Record<string, unknown>;
  /** Folder of the built UI, for browser tests. */
  uiFolder?: string | null;
  settings?: Partial<Settings>;
  /** Another test platform, whose database this one shares as a second process would. Stop this one first. */
  beside?: TestPlatform;
  only?: ProcessRole;
  /** Plugin id → hosts that it may call in addition to those of its manifest, as `http` in `ilearn.config.ts`. */
  http?: Record<string, { hosts: string[] }>;
  /** Id of a purpose → what is different, as `purposes` in `ilearn.config.ts`. */
  purposes?: Record<string, PurposeChange>;
  /** How outgoing calls resolve names, and which certificates they trust, in PEM. */
  outgoing?: { resolve?: typeof lookup; ca?: string };
  /** Ids of plugins without which the portal does not start; default all. */
  required?: string[];
}

/** A running portal for tests. */
export interface TestPlatform {
  /** URL at which the test reaches the portal; `platform.portal.url` is its public address. */
  url: string;
  platform: Platform;
  /** Lines that the portal logged so far. */
  log: string[];
  /** Folder of the stored files, unless the settings name another one. */
  filesFolder: string;
  /** What plugins announced at start. */
  announcements: readonly string[];
  /** Runs a unit of work as the system, with a plugin's services. */
  // biome-ignore lint/suspicious/noExplicitAny: the test names the cradle
  work<T>(pluginId: string, fn: (services: any) => Promise<T>): Promise<T>;
  /** Registers tenants of any kind; registered ones are not changed. */
  registerTenants(tenants: readonly Tenant[]): Promise<void>;
  /** Gives the person exactly these roles. Registers missing tenants, with a kind that all of their roles allow. */
  grant(personId: string, roles: RoleGrant[]): Promise<void>;
  /** A client that is signed in as that person. */
  signIn(personId: string, displayName?: string, ageBand?: AgeBand): Promise<TestClient>;
  /** A client without a session. */
  client(): TestClient;
  /** A client of a machine with these scopes (`<plugin>.<name>`) in these tenants; default client: a new one. */
  machine(of: Omit<MachineClient, 'client'> & { client?: string }): TestClient;
  /** Waits until all events and jobs are done; throws after a minute. */
  drain(): Promise<void>;
  /** Stops the portal and removes its database. */
  stop(): Promise<void>;
}

/** The tenants of these grants, each with a kind in which all its roles may be held. */
function tenantsFor(roles: readonly RoleGrant[], permissions: Permissions): Tenant[] {
  const ids = new Set(roles.flatMap(({ tenant }) => tenant ?? []));
  return [...ids].flatMap((id) => {
    const allowed = roles.filter(({ tenant }) => tenant === id).flatMap(({ role }) => permissions.kindsOf(role) ?? []);
    const kind = [...(allowed[0] ?? [])].find((each) => allowed.every((kinds) => kinds.has(each)));
    return kind === undefined ? [] : [{ id, kind }];
  });
}

/** What a portal of these plugins does to an empty database before it begins. */
function migratedBy(settings: Settings, plugins: PlatformOptions['plugins']): Migrated {
  const made = plugins.map(({ definition: { id, version, requires, optional, tables, files, exports, migrations } }) => ({
    ...{ id, version, requires, optional, tables, files, exports },
    // Migrations in code have no other text.
    migrations: migrations?.map(({ name, up }) => [name, String(up)]),
  }));
  const log = createLog('silent', { write: () => {} });
  return {
    key: JSON.stringify([settings.rolePrefix, made]),
    // The portal as it is, or most of it, is started by many files.
    long: plugins.length >= MANY_PLUGINS,
    migrate: (home) =>
      new Platform({ settings, plugins, required: [], home, uiFolder: null, log }).migrate().then(
        ({ faults }) => faults.length === 0,
        () => false,
      ),
  };
}

const tokensOf = new WeakMap<TestPlatform, Map<string, MachineClient>>();
const DRAIN_MS = 60_000;
const MANY_PLUGINS = 8;
const MONITOR_TOKEN = 'a-token-for-tests-alone';

/**
 * Starts a portal with these plugins on an empty database: PGlite in memory, or on the PostgreSQL server given by `ILEARN_TEST_POSTGRES`.
 */
export async function createTestPlatform(options: TestPlatformOptions): Promise<TestPlatform> {
  const log: string[] = [];
  const filesFolder = options.beside?.filesFolder ?? join(tmpdir(), `ilearn-files-${randomUUID()}`);
  const removeFiles = () => (options.beside === undefined ? rm(filesFolder, { recursive: true, force: true }) : undefined);
  const settings: Settings = {
    port: 0,
    host: '127.0.0.1',
    publicUrl: undefined,
    dataDir: '',
    databaseUrl: undefined,
    databaseConnections: 5,
    rolePrefix: 'ilearn',
    redisUrl: undefined,
    workerConcurrency: 4,
    secretKey: undefined,
    metricsToken: MONITOR_TOKEN,
    metricsPort: undefined,
    metricsHost: '127.0.0.1',
    apiDocs: 'signed-in',
    outgoingPrivate: [],
    files: { folder: filesFolder, quotaBytes: 1024 ** 4 },
    trustProxy: false,
    auditMonths: 12,
    pluginStartSeconds: 30,
    lockSeconds: 2,
    requestStatementSeconds: 30,
    jobStatementSeconds: 600,
    stopDelaySeconds: 0,
    logLevel: 'info',
    ...options.settings,
  };
  const plugins = options.plugins.map((definition) => ({
    definition,
    origin: definition.id,
    rawConfig: options.config?.[definition.id],
  }));
  // Processes of one portal know the same tokens.
  const machines = (options.beside && tokensOf.get(options.beside)) ?? new Map<string, MachineClient>();
  const home = await (options.beside === undefined
    ? openTestHome(migratedBy(settings, plugins))
    : joinTestHome(await options.beside.platform.home()));
  const platform = new Platform({
    settings,
    plugins,
    required: options.required ?? 'all',
    home,
    ...(options.http === undefined ? {} : { operatorHosts: options.http }),
    ...(options.purposes === undefined ? {} : { purposeChanges: options.purposes }),
    ...(options.outgoing === undefined ? {} : { outgoing: options.outgoing }),
    only: options.only,
    machines,
    uiFolder: options.uiFolder ?? null,
    log: createLog(settings.logLevel, { write: (line) => void log.push(line) }),
  });
  let port: number;
  try {
    port = await platform.start();
  } catch (error) {
    await platform.stop();
    await home.close();
    throw error;
  }
  const { publicUrl } = settings;
  const url = publicUrl === undefined ? platform.portal.url : `http://127.0.0.1:${port}`;
  const client = () => new TestClient(url, publicUrl, settings.metricsToken);

  const testPlatform: TestPlatform = {
    url,
    platform,
    log,
    filesFolder,
    announcements: await Promise.all(platform.announcements),
    work: (pluginId, fn) => platform.work(pluginId, fn),
    registerTenants: (tenants) => platform.runner.run({}, ({ unit }) => registerTenants(unit, tenants)),
    grant: (personId, roles) =>
      platform.runner.run({}, async ({ unit }) => {
        await registerTenants(unit, tenantsFor(roles, platform.permissions));
        await new AccessService('kernel', platform.permissions).setRoles(personId, roles);
      }),
    signIn: async (personId, displayName = 'Test', ageBand) => {
      const { id } = await platform.runner.run({}, ({ unit }) =>
        createSession(unit, { id: personId, displayName, ageBand: ageBand ?? null }),
      );
      return client().setCookie(cookieName(platform.portal.url.startsWith('https:')), id);
    },
    client,
    machine: ({ client: id = randomUUID(), ...of }) => {
      const token = randomUUID();
      machines.set(token, { client: id, ...of });
      return client().setHeader('authorization', `Bearer ${token}`);
    },
    drain: async () => {
      const deadline = performance.now() + DRAIN_MS;
      while ((await platform.pendingMessages()) > 0) {
        if (performance.now() > deadline)
          throw new Error(
            `events or jobs were still waiting after ${DRAIN_MS / 1000} s; see the log:\n${log.slice(-5).join('')}`,
          );
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    },
    stop: async () => {
      await platform.stop();
      await home.close();
      await removeFiles();
    },
  };
  tokensOf.set(testPlatform, machines);
  return testPlatform;
}
