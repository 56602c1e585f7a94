import { randomUUID } from 'node:crypto';
import type { PluginDefinition } from '../../contract/plugin.js';
import { inTransaction } from '../../database/homes/transaction.js';
import { RoleNames } from '../../database/names.js';
import { createTestPlatform, type TestClient, type TestPlatform } from '../../testing/index.js';
import { type Filled, fillTables } from './fill-tables.js';
import { TimeLimits } from './time-limits.js';

/** A portal for the check, with one person in each of two tenants who holds every role. */
export interface ScratchPortal {
  platform: TestPlatform;
  limits: TimeLimits;
  plugins: readonly PluginDefinition[];
  names: RoleNames;
  own: { tenant: string; person: string; client: TestClient };
  stranger: { tenant: string; person: string; client: TestClient };
  nobody: TestClient;
  /** Fills every table with rows of the first tenant. */
  fill(): Promise<Filled>;
  /** Reduces the roles of the first tenant's person to those with this permission. */
  holdOnly(permission: string): Promise<void>;
  stop(): Promise<void>;
}

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
  const roles = new Set(plugins.flatMap(({ permissions = {} }) => Object.values(permissions).flat()));
  const someone = async () => {
    const [tenant, person] = [randomUUID(), randomUUID()];
    await platform.grant(
      person,
      [...roles].map((role) => ({ tenant, role })),
    );
    return { tenant, person, client: await platform.signIn(person, 'Somebody') };
  };
  const own = await someone();
  const names = new RoleNames('ilearn');
  const { plugins: ordered } = platform.platform;
  return {
    platform,
    limits,
    plugins: ordered.map(({ definition }) => definition),
    names,
    own,
    stranger: await someone(),
    nobody: platform.client(),
    fill: async () => {
      const { pool } = await platform.platform.home();
      const inLoadOrder = ordered.map(({ definition }) => definition);
      return inTransaction(pool, (client) => fillTables(client, inLoadOrder, names, own.tenant, own.person));
    },
    holdOnly: (permission) => {
      const holders = plugins.flatMap(({ permissions = {} }) => permissions[permission] ?? []);
      // For `signed-in`, any role will do.
      const held = holders.length > 0 ? holders : [...roles].slice(0, 1);
      return platform.grant(
        own.person,
        held.map((role) => ({ tenant: own.tenant, role })),
      );
    },
    stop: async () => {
      await platform.stop();
      await limits.stop();
    },
  };
}
