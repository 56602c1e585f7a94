import type { Route } from '../../contract/route.js';
import type { Answer, TestClient } from '../../testing/index.js';
import type { Filled } from './fill-tables.js';
import { nameOf } from './time-limits.js';

/** URLs of one route to request. */
export interface Probe {
  pluginId: string;
  route: Route;
  name: string;
  addresses: string[];
}

const ADDRESSES_PER_ROUTE = 8;

/** Creates a probe for every GET route of a plugin, with ids of the generated rows as parameters. */
export function probesOf(pluginId: string, routes: readonly Route[], tenant: string, filled: Filled | null): Probe[] {
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
        .flatMap((each) => queriesOf(route).map((query) => `${each}${query}`.replace('{tenant}', tenant)));
      return { pluginId, route, name: nameOf(route), addresses: [...new Set(addresses)] };
    });
}

/** Empty if the route needs no query; otherwise one query for each member, with a tenant's id. */
function queriesOf({ query }: Route): string[] {
  if (query === undefined || query.safeParse({}).success) return [''];
  const shape = (query as { shape?: Record<string, unknown> }).shape ?? {};
  return Object.keys(shape).map((name) => `?${name}={tenant}`);
}

/** A probe with the response for a person of the same tenant. */
export interface Answered extends Probe {
  asked: Asked[];
}

export interface Asked {
  address: string;
  answer: Answer;
}

/** Requests every address; only the first if it answers 401, because without a session or token other ids change nothing. */
export async function ask(client: TestClient, { addresses }: Pick<Probe, 'addresses'>): Promise<Asked[]> {
  const asked: Asked[] = [];
  for (const address of addresses) {
    const answer = await client.get(address);
    asked.push({ address, answer });
    if (answer.status === 401) break;
  }
  return asked;
}

/** Secrets in a response that were not in its URL. */
export function shown({ address, answer }: Asked, secrets: ReadonlySet<string>): string[] {
  if (answer.status >= 400) return [];
  const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  return (text.match(/[\w-]{8,}/g) ?? []).filter((value) => secrets.has(value) && !address.includes(value));
}
