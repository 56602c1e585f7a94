import { unboundedPlaces } from '../../http/bounds.js';
import type { OpenApiDocument } from '../../http/openapi.js';
import type { Filled } from './fill-tables.js';
import type { Findings } from './finding.js';
import { type Ids, leavesOf, replaced, type Schema, sampleOf } from './samples.js';
import type { ScratchPortal } from './scratch-portal.js';
import type { Subject } from './subject.js';
import { nameOf } from './time-limits.js';

/** Values that no database can store, that overflow, or that have another type. */
const POISONS: readonly unknown[] = ['a\0b', '9'.repeat(400), 'x'.repeat(70_000), '\ud83d', -1, 1e308, null, {}, [[]]];
const REQUESTS_PER_ROUTE = 5;

interface Operation {
  parameters: { name: string; in: 'path' | 'query'; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}

/** Checks that every list of a GET route has a maximum length, so that a large tenant does not get one huge response. */
export function checkLists({ definition }: Subject, findings: Findings): void {
  const routes = definition.routes ?? [];
  for (const route of routes) {
    const places = unboundedPlaces(route);
    if (places.length === 0) continue;
    findings.failed(
      'lists',
      `${nameOf(route)} may return a list of any length: ${places.join(', ')}.`,
      'Give the schema .max(…) and the query the same limit, or return pages.',
    );
  }
  if (routes.some(({ method }) => method === 'GET')) findings.passedUnlessFailed('lists', 'every list has a maximum length');
}

/** Sends requests that match their schemas except for one value. None may cause a failure of the plugin. */
export async function checkInput(
  { definition }: Subject,
  portal: ScratchPortal,
  filled: Filled,
  findings: Findings,
): Promise<void> {
  const document = (await portal.own.client.get('/api/openapi.json')).body as OpenApiDocument;
  const rows = filled.ids.get(definition.id) ?? [];
  let at = 0;
  const ids: Ids = { tenant: portal.own.tenant, next: () => rows[at++ % Math.max(1, rows.length)] ?? portal.own.tenant };
  let sent = 0;
  for (const route of definition.routes ?? []) {
    // Skip it, because it would call other services.
    if (route.outside !== undefined) continue;
    const address = `/api/${definition.id}${route.path.replace(/:(\w+)/g, '{$1}')}`;
    const operation = document.paths[address]?.[route.method.toLowerCase()] as Operation | undefined;
    if (operation === undefined) continue;
    const client = await portal.platform.signIn(portal.own.person);
    for (const { place, poison, request } of poisoned(operation, ids)) {
      sent++;
      const { status } = await client.request(route.method, addressOf(address, request), bodyOf(request));
      if (status < 500 || status === 503 || portal.limits.ranOver(definition.id, nameOf(route))) continue;
      findings.failed(
        'input',
        `${nameOf(route)} fails (${status}) with ${JSON.stringify(poison).slice(0, 30)} as ${place}.`,
        'Let its schema refuse what the handler cannot process.',
      );
      break;
    }
  }
  if (sent > 0) findings.passedUnlessFailed('input', `${sent} requests with hostile values were refused or answered`);
}

interface Drawn {
  path: Record<string, unknown>;
  query: Record<string, unknown>;
  body?: unknown;
}

function poisoned({ parameters, requestBody }: Operation, ids: Ids): { place: string; poison: unknown; request: Drawn }[] {
  const of = (where: string) =>
    Object.fromEntries(
      parameters.filter((each) => each.in === where).map(({ name, schema }) => [name, sampleOf(schema, ids, name)]),
    );
  const json = Object.entries(requestBody?.content ?? {}).find(([type]) => /json/.test(type))?.[1].schema;
  const drawn: Drawn = { path: of('path'), query: of('query'), ...(json === undefined ? {} : { body: sampleOf(json, ids) }) };
  const places = leavesOf(drawn).filter((place) => place.length > 1);
  return Array.from({ length: places.length === 0 ? 0 : REQUESTS_PER_ROUTE }, (_, index) => {
    const place = places[index % places.length] as (string | number)[];
    const inBody = place[0] === 'body';
    // In a URL every value is text.
    const usable = inBody ? POISONS : POISONS.slice(0, 2);
    const poison = usable[(index + places.length) % usable.length];
    return { place: place.join('.'), poison, request: replaced(drawn, place, poison) as Drawn };
  });
}

function addressOf(address: string, { path, query }: Drawn): string {
  const text = (value: unknown) => encodeURIComponent(String(value));
  const filled = address.replace(/\{(\w+)\}/g, (_, name: string) => text(path[name]) || '-');
  const search = Object.entries(query).flatMap(([name, value]) => [value].flat().map((each) => `${name}=${text(each)}`));
  return search.length === 0 ? filled : `${filled}?${search.join('&')}`;
}

const bodyOf = ({ body }: Drawn): object =>
  body === undefined ? {} : { raw: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
