import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { TestClient } from '../../testing/index.js';
import type { Filled } from './fill-tables.js';
import type { Findings } from './finding.js';
import type { Schema } from './samples.js';
import { sampleOf } from './samples.js';
import { outsidersOf, type ScratchPortal } from './scratch-portal.js';
import type { Subject } from './subject.js';

const KEYS_PER_TOPIC = 8;
const AGAIN_MS = 100;
const TRIES = 50;

/** K3 and K15: checks that people of other tenants cannot follow a live topic with the ids of a tenant's rows. */
export async function checkTopics(
  { definition }: Subject,
  portal: ScratchPortal,
  filled: Filled,
  findings: Findings,
): Promise<void> {
  const topics = Object.entries(definition.live ?? {});
  if (topics.length === 0) return;
  const silent: string[] = [];
  for (const [name, { params }] of topics) {
    let open = false;
    for (const key of keysOf(definition.id, name, params, portal, filled)) {
      const own = await ask(portal, portal.own.client, key);
      open ||= own === 'open';
      if (own === 'failed') {
        findings.failed(
          'live',
          `allow of the topic ${name} failed for ${key}.`,
          'Answer true or false, or throw a problem such as notFound().',
        );
      }
      for (const { who, client } of outsidersOf(portal)) {
        if ((await ask(portal, client, key)) !== 'open') continue;
        findings.failed(
          'live',
          `${who} may follow the topic ${name} of one tenant (${key}).`,
          'In allow, look for a row of its params with the given services, which see what the person sees.',
        );
      }
    }
    if (!open) silent.push(name);
  }
  findings.passedUnlessFailed(
    'live',
    `${topics.length} live topics refused to another tenant; ${topics.length - silent.length} of them open to their own`,
  );
  if (silent.length > 0) {
    const own = 'Cover them by your own tests, as a person of another tenant.';
    findings.skipped('live', `Not checked, because nobody may follow them with generated rows: ${silent.join(', ')}.`, own);
  }
}

/** Keys of the topic, with ids of the plugin's own rows as params. */
function keysOf(plugin: string, name: string, params: z.ZodType, portal: ScratchPortal, filled: Filled): string[] {
  const schema = z.toJSONSchema(params, { io: 'input', unrepresentable: 'any' }) as Schema;
  const ids = filled.ids.get(plugin) ?? [];
  const rows = Object.keys(schema.properties ?? {}).length < 2 ? ids.map((id) => [id]) : (filled.pairs.get(plugin) ?? []);
  const keys = rows.slice(0, KEYS_PER_TOPIC).map((row) => {
    let at = 0;
    const next = () => row[at++ % row.length] as string;
    return `${plugin}.${name}:${JSON.stringify(sampleOf(schema, { tenant: portal.own.tenant, next }))}`;
  });
  return [...new Set(keys)];
}

async function ask({ platform }: ScratchPortal, client: TestClient, key: string): Promise<'open' | 'refused' | 'failed'> {
  for (let tried = 1; ; tried++) {
    const abort = new AbortController();
    const cookie = client.cookie('ilearn');
    const answer = await fetch(`${platform.url}/live?topic=${encodeURIComponent(key)}`, {
      headers: cookie === undefined ? {} : { cookie: `ilearn=${cookie}` },
      signal: abort.signal,
    });
    if (answer.status === 200) {
      abort.abort();
      return 'open';
    }
    const { refused = [] } = (await answer.json()) as { refused?: { reason: string }[] };
    // The portal has not yet noticed that all earlier streams are closed.
    if (answer.status !== 429 || tried === TRIES) return refused[0]?.reason === 'failed' ? 'failed' : 'refused';
    await pause(AGAIN_MS);
  }
}
