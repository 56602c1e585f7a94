import { z } from 'zod';
import type { PluginDefinition } from '../../contract/plugin.js';
import type { Route } from '../../contract/route.js';
import type { TestClient } from '../../testing/index.js';
import type { Filled } from './fill-tables.js';
import type { Findings } from './finding.js';
import { type Asked, shown } from './probe.js';
import { outsidersOf, type ScratchPortal } from './scratch-portal.js';
import type { Subject } from './subject.js';

/** The point of the plugin `search` to which these sources are contributed. */
export const searchPoint = 'search.sources';

interface Source {
  kind: string;
  route: Route;
}

/** Generated texts contain it. */
const question = 'check';
const limit = 20;

/** What the search box reads of an answer. */
const answerShape = z.object({
  results: z
    .array(z.object({ title: z.string().trim().min(1), detail: z.string().nullable(), place: z.string().regex(/^\/(?![/\\])/) }))
    .max(limit),
  more: z.boolean(),
});

/**
 * Asks each route that answers the search box for generated rows: as a person of their tenants, for the shape of the answer and the pages
 * that it leads to, and as people of other tenants, who must find none of them.
 */
export async function checkSearchSources(
  { definition }: Subject,
  portal: ScratchPortal,
  filled: Filled,
  findings: Findings,
): Promise<void> {
  const sources = sourcesOf(definition, portal);
  if (sources.length === 0) return;
  const silent: string[] = [];
  for (const { kind, route } of sources) {
    const routes = definition.routes ?? [];
    if (!routes.some(({ method, path }) => method === route.method && path === route.path)) {
      findings.failed('search', `The route of the source "${kind}" is not among the routes of the plugin.`, 'Add it to routes.');
      continue;
    }
    const address = `/api/${definition.id}${route.path}?q=${question}&limit=${limit}`;
    const own = await ask(portal.own.client, address);
    const fault = faultOf(own, portal.plugins);
    if (fault !== null) findings.failed('search', `The source "${kind}" ${fault.message}.`, fault.remedy);
    if (shown(own, filled.secrets).length === 0) silent.push(kind);
    for (const { who, client } of outsidersOf(portal)) {
      if (shown(await ask(client, address), filled.secrets).length === 0) continue;
      findings.failed(
        'search',
        `The source "${kind}" shows ${who} rows of one tenant (${address}).`,
        'Search as the caller, in tables with a tenant column, rather than through actAs.',
      );
    }
  }
  findings.passedUnlessFailed(
    'search',
    `${sources.length} sources asked from another tenant; ${sources.length - silent.length} find rows`,
  );
  if (silent.length > 0) {
    const remedy = 'Cover them by your own tests, as a person of another tenant too.';
    findings.skipped('search', `Find no generated rows, so their results were not checked: ${silent.join(', ')}.`, remedy);
  }
}

/** As the plugin gives them: the plugin `search` may be absent here. */
function sourcesOf({ id, contributes = {} }: PluginDefinition, { platform }: ScratchPortal): Source[] {
  const { config } = platform.platform.plugins.find((plugin) => plugin.id === id) ?? {};
  const all = typeof contributes === 'function' ? contributes(config) : contributes;
  return (all[searchPoint] ?? []) as Source[];
}

const ask = async (client: TestClient, address: string): Promise<Asked> => ({ address, answer: await client.get(address) });

function faultOf({ answer }: Asked, plugins: readonly PluginDefinition[]): { message: string; remedy: string } | null {
  if (answer.status !== 200) {
    return { message: `answers ${answer.status} to "${question}"`, remedy: 'Answer an empty list if nothing is found.' };
  }
  const read = answerShape.safeParse(answer.body);
  if (!read.success) {
    const [issue] = read.error.issues;
    return {
      message: `answers ${issue?.path.map(String).join('.')}: ${issue?.message}`,
      remedy: 'Answer { results: { title, detail, place }[], more }; place is the path of a page.',
    };
  }
  const pages = plugins.flatMap(({ ui }) => ui?.pages ?? []).map(({ path }) => path);
  const lost = read.data.results.find(({ place }) => !pages.some((page) => leadsTo(place, page)));
  if (lost === undefined) return null;
  return { message: `leads to ${lost.place}, which is no page of the portal`, remedy: `Its pages: ${pages.join(', ')}.` };
}

/** Whether a place such as `/personen/1?x=y` is on the page `/personen/:id`. */
function leadsTo(place: string, page: string): boolean {
  const steps = new URL(place, 'http://portal.invalid').pathname.split('/');
  const wanted = page.split('/');
  return steps.length === wanted.length && wanted.every((step, at) => step.startsWith(':') || step === steps[at]);
}
