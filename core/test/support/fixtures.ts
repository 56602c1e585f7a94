import {
  definePlugin,
  type Migration,
  type PluginDefinition,
  type Principal,
  type TableDeclaration,
  type TenantScope,
} from '@ilearn/core';
import type { TestPlatform } from '@ilearn/core/testing';

export const north = '11111111-1111-4111-8111-111111111111';
export const south = '22222222-2222-4222-8222-222222222222';
export const lotte = '33333333-3333-4333-8333-333333333333';
export const bram = '44444444-4444-4444-8444-444444444444';

/** A plugin with no more than what the test names. */
export const plugin = (id: string, rest: Partial<PluginDefinition> = {}): PluginDefinition =>
  definePlugin({ id, version: '1.0.0', ...rest });

export const sql = (name: string, up: string): Migration => ({ name, up, down: '' });
export const none: TableDeclaration = { tenant: { none: 'a test' } };

export const person = (tenants: TenantScope, id = lotte): Principal => ({ kind: 'person', id, roles: [], tenants });

/** One unit of work for a person of these tenants, with a plugin's services. */
export const within = <T>(
  { platform }: TestPlatform,
  pluginId: string,
  tenants: TenantScope,
  fn: (services: any) => Promise<T>,
): Promise<T> => platform.runner.run({ principal: person(tenants) }, (frame) => fn(platform.runner.cradleOf(pluginId, frame)));

/** What a knex statement came to, one value. */
export const value = async (statement: PromiseLike<{ rows: Record<string, unknown>[] }>): Promise<unknown> =>
  Object.values((await statement).rows[0] ?? {})[0];
