import type { Route } from '../../contract/route.js';
import type { Answer, TestClient } from '../../testing/index.js';
import type { Filled } from './fill-tables.js';
import { nameOf } from './time-limits.js';

/** Addresses of one route that a probe asks for. */
export interface Probe {
  pluginId: string;
  route: Route;
  name: string;
  addresses: string[];
}

const ADDRESSES_PER_ROUTE = 8;

/** Every GET route of a plugin, its parameters filled with the ids of its own rows. */
export function probesOf(pluginId: string, routes: readonly Route[], school: string, filled: Filled | null): Probe[] {
  const ids = filled?.ids.get(pluginId) ?? [];
  const pairs = filled?.pairs.get(pluginId) ?? [];
  return routes
    .filter(({ method }) => method === 'GET')
    .map((route) => {
      const path = `/api/${pluginId}${route.path}`;
      const names = [...route.path.matchAll(/:(\w+)/g)];
      const filling = (values: readonly string[]) => values.reduce((address, value) => address.replace(/:\w+/, value), path);
      const paths =
        names.length === 0
          ? [path]
          : names.length === 1
            ? ids.map((id) => filling([id]))
            : names.length === 2
              ? pairs.map(filling)
              : [];
      const addresses = paths
        .slice(0, ADDRESSES_PER_ROUTE)
        .flatMap((each) => queriesOf(route).map((query) => `${each}${query}`.replace('{school}', school)));
      return { pluginId, route, name: nameOf(route), addresses: [...new Set(addresses)] };
    });
}

/** None where the route needs none; else each of its members with a school's id. */
function queriesOf({ query }: Route): string[] {
  if (query === undefined || query.safeParse({}).success) return [''];
  const shape = (query as { shape?: Record<string, unknown> }).shape ?? {};
  return Object.keys(shape).map((name) => `?${name}={school}`);
}

/** A probe with what somebody at home was answered. */
export interface Answered extends Probe {
  asked: Asked[];
}

export interface Asked {
  address: string;
  answer: Answer;
}

export async function ask(client: TestClient, { addresses }: Probe): Promise<Asked[]> {
  const asked: Asked[] = [];
  for (const address of addresses) asked.push({ address, answer: await client.get(address) });
  return asked;
}

/** Secrets in an answer that its address did not hold already. */
export function shown({ address, answer }: Asked, secrets: ReadonlySet<string>): string[] {
  if (answer.status >= 400) return [];
  const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  return (text.match(/[\w-]{8,}/g) ?? []).filter((value) => secrets.has(value) && !address.includes(value));
}
