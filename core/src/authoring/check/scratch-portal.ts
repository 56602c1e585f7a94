import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { PluginDefinition } from '../../contract/plugin.js';
import { inTransaction } from '../../database/homes/transaction.js';
import { RoleNames } from '../../database/names.js';
import { createTestPlatform, type TestClient, type TestPlatform } from '../../testing/index.js';
import { type Filled, fillTables, type ScratchTenant } from './fill-tables.js';
import { TimeLimits } from './time-limits.js';

/**
 * A portal for the check. One person holds every role, in one tenant of each kind that the plugins declare. For each kind there is a
 * stranger, who holds the roles of that kind in another tenant.
 */
export interface ScratchPortal {
  platform: TestPlatform;
  limits: TimeLimits;
  plugins: readonly PluginDefinition[];
  names: RoleNames;
  /** `tenant` is the first of the person's tenants. */
  own: { tenant: string; person: string; client: TestClient };
  strangers: { kind: string | null; client: TestClient }[];
  /** Holds every role, in tenants that have no rows. */
  newcomer: { person: string; client: TestClient };
  nobody: TestClient;
  /** Fills every table with rows of that person's tenants. */
  fill(): Promise<Filled>;
  /** Reduces the roles of that person, or of the newcomer, to those with this permission. */
  holdOnly(permission: string, person: string): Promise<void>;
  stop(): Promise<void>;
}

/** Clients that must not see rows of the check's own tenants. */
export const outsidersOf = ({ strangers, nobody }: ScratchPortal): { who: string; client: TestClient }[] => [
  ...strangers.map(({ kind, client }) => ({ who: `somebody of another ${kind ?? 'tenant'}`, client })),
  { who: 'anyone', client: nobody },
];

/** Longest wait for that work. */
const SETTLE_MS = 15_000;

/**
 * @param seconds time limit of a start, a route or a job
 * @throws CompositionError with every fault
 */
export async function openScratchPortal(
  plugins: PluginDefinition[],
  { config = {}, uiFolder, seconds = 30 }: { config?: Record<string, unknown>; uiFolder: string | null; seconds?: number },
): Promise<ScratchPortal> {
  const limits = new TimeLimits(seconds);
  const limited = plugins.map((plugin) => limits.over(plugin));
  const settings = { pluginStartSeconds: seconds };
  const platform = await createTestPlatform({ plugins: limited, config, uiFolder, settings }).catch(async (error: unknown) => {
    await limits.stop();
    throw error;
  });
  // Work that plugins begin at the start would hold locks that the check of migrations needs.
  await Promise.race([platform.drain().catch(() => {}), pause(SETTLE_MS, undefined, { ref: false })]);
  const roles = new Set(plugins.flatMap(({ permissions = {} }) => Object.values(permissions).flat()));
  const kinds = [...new Set(plugins.flatMap(({ tenantKinds = [] }) => tenantKinds))];
  const tenantsOf = (some: readonly (string | null)[]): ScratchTenant[] => some.map((kind) => ({ id: randomUUID(), kind }));
  const grantsIn = (tenants: readonly ScratchTenant[], held: Iterable<string>) =>
    [...held].flatMap((role) => {
      const allowed = platform.platform.permissions.kindsOf(role);
      // A role without a kind is held in the first tenant.
      const fitting = allowed === null ? tenants.slice(0, 1) : tenants.filter(({ kind }) => kind !== null && allowed.has(kind));
      return fitting.map(({ id }) => ({ tenant: id, role }));
    });
  const someone = async (tenants: readonly ScratchTenant[]) => {
    const person = randomUUID();
    await platform.registerTenants(tenants.flatMap(({ id, kind }) => (kind === null ? [] : [{ id, kind }])));
    await platform.grant(person, grantsIn(tenants, roles));
    return { person, client: await platform.signIn(person, 'Somebody') };
  };
  const all: (string | null)[] = kinds.length === 0 ? [null] : kinds;
  const tenants = tenantsOf(all);
  const own = { tenant: tenants[0]?.id as string, ...(await someone(tenants)) };
  const strangers: ScratchPortal['strangers'] = [];
  for (const kind of all) strangers.push({ kind, client: (await someone(tenantsOf([kind]))).client });
  const tenantsOfNewcomer = tenantsOf(all);
  const newcomer = await someone(tenantsOfNewcomer);
  const names = new RoleNames('ilearn');
  const { plugins: ordered } = platform.platform;
  return {
    platform,
    limits,
    plugins: ordered.map(({ definition }) => definition),
    names,
    own,
    strangers,
    newcomer,
    nobody: platform.client(),
    fill: async () => {
      const { pool } = await platform.platform.home();
      const inLoadOrder = ordered.map(({ definition }) => definition);
      const { storage } = platform.platform;
      const storeFile = async (of: { plugin: string; kind: string; id: string }, content: string): Promise<void> => {
        const bytes = { ...of, thumbnail: false };
        await storage.put(bytes, await storage.spool(Readable.from([Buffer.from(content)]), bytes, false));
      };
      return inTransaction(pool, (client) => fillTables(client, inLoadOrder, names, tenants, own.person, storeFile));
    },
    holdOnly: (permission, person) => {
      const holders = plugins.flatMap(({ permissions = {} }) => permissions[permission] ?? []);
      // For `signed-in`, any role is sufficient.
      const held = holders.length > 0 ? holders : [...roles].slice(0, 1);
      return platform.grant(person, grantsIn(person === own.person ? tenants : tenantsOfNewcomer, held));
    },
    stop: async () => {
      await platform.stop();
      await limits.stop();
    },
  };
}
