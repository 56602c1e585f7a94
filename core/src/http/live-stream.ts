import type { Context } from 'koa';
import { watchSession } from '../access/live-sessions.js';
import { signInFirst } from '../access/sign-in-first.js';
import { anonymous } from '../contract/principal.js';
import { Problem } from '../contract/problem.js';
import type { LiveHub } from '../live/hub.js';
import type { Since } from '../live/log.js';
import type { WorkRunner } from '../unit-of-work/work-runner.js';
import { readSessionCookie } from './exchange.js';
import type { OpenApiDocument } from './openapi.js';
import { problemOfDatabase } from './problems.js';

/** Maximum number of topics of one stream. */
const MOST_TOPICS = 40;
/** The log covers ten minutes. */
const LONGEST_AGO = 600;

export interface LiveHost {
  hub: LiveHub;
  runner: WorkRunner;
  secure: boolean;
}

/**
 * Answers `GET /live?topic=<plugin>.<name>:<params>&topic=…`: one stream of server-sent events (HTML, section 9.2) for all topics of a
 * page. A message is `{"topic": …, "payload": …}`; the other events are `ready`, `refused`, `reset` (load everything again) and `ended`
 * (the session has ended). `Last-Event-ID`, or `last` in the query, continues after a message; `since` asks for messages published in the
 * given number of seconds before now.
 */
export function serveLive({ hub, runner, secure }: LiveHost): (ctx: Context) => Promise<void> {
  return async (ctx) => {
    if (ctx.method !== 'GET') {
      throw new Problem({ type: 'method-not-allowed', status: 405, title: 'Method not allowed', headers: { allow: 'GET' } });
    }
    // Another site could not read the stream, but could use up the connections of the session.
    if (['cross-site', 'same-site'].includes(ctx.get('sec-fetch-site'))) {
      throw new Problem({ type: 'cross-site-request', status: 403, title: 'Cross-site request refused' });
    }
    const cookie = readSessionCookie(ctx, secure);
    if (cookie === undefined) throw signInFirst();
    const { keys, since } = readQuery(ctx);
    const { res } = ctx;
    const isGone = () => res.destroyed;
    const place = 'GET /live';
    const session = await runner
      .run({ about: ctx.state.about, place, lane: place, readOnly: true, principal: anonymous }, ({ unit }) =>
        watchSession(unit, { cookie }),
      )
      .catch((error) => {
        throw problemOfDatabase(error, false) ?? error;
      });
    if (session === null) throw signInFirst();
    const stream = await hub.admit({ keys, since, session, isGone });
    if (isGone()) {
      stream.leave();
      return;
    }
    // Prevent Koa from writing its own response.
    ctx.respond = false;
    ctx.status = 200;
    res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
    res.flushHeaders();
    // Not awaited: the request has been answered and the stream continues.
    void stream.begin(res);
  };
}

/** @throws Problem 400 */
function readQuery(ctx: Context): { keys: string[]; since: Since } {
  const query = new URLSearchParams(ctx.querystring);
  const keys = query.getAll('topic');
  if (keys.length === 0 || keys.length > MOST_TOPICS) {
    throw malformed(`Name 1 to ${MOST_TOPICS} topics: /live?topic=<plugin>.<name>:{…}&topic=…`);
  }
  // The browser sends Last-Event-ID when it reconnects by itself; that value is newer than the one in the URL.
  const header = ctx.get('last-event-id');
  const last = header || query.get('last');
  if (last !== null && !/^\d{1,15}$/.test(last)) throw malformed('Last-Event-ID, or last, is not the id of a message.');
  const ago = header ? null : query.get('since');
  if (ago !== null && !(/^\d{1,3}$/.test(ago) && Number(ago) <= LONGEST_AGO)) {
    throw malformed(`since must be a number of seconds up to ${LONGEST_AGO}.`);
  }
  return {
    keys,
    since: { ...(last === null ? {} : { position: Number(last) }), ...(ago === null ? {} : { seconds: Number(ago) }) },
  };
}

const malformed = (detail: string): Problem =>
  new Problem({ type: 'malformed-request', status: 400, title: 'Malformed request', detail });

/** Description of `/live` for the OpenAPI document. */
export const liveDescription: OpenApiDocument['paths'] = {
  '/live': {
    get: {
      operationId: 'kernel-live',
      summary: 'Follow live topics, as server-sent events',
      tags: ['kernel'],
      'x-permission': 'signed-in',
      security: [{ session: [] }],
      parameters: [
        {
          name: 'topic',
          in: 'query',
          required: true,
          description: '`<plugin>.<topic>:<params as JSON>`',
          schema: { type: 'array', minItems: 1, maxItems: MOST_TOPICS, items: { type: 'string', maxLength: 500 } },
        },
        {
          name: 'last',
          in: 'query',
          required: false,
          description: 'Continue after this event; `Last-Event-ID` takes precedence',
          schema: { type: 'string', pattern: '^\\d{1,15}$' },
        },
        {
          name: 'since',
          in: 'query',
          required: false,
          description: 'Also messages of the last seconds, given their number',
          schema: { type: 'integer', minimum: 0, maximum: LONGEST_AGO },
        },
        { name: 'Last-Event-ID', in: 'header', required: false, schema: { type: 'string', pattern: '^\\d{1,15}$' } },
      ],
      responses: {
        200: {
          description: 'Messages, and the events ready, refused, reset and ended',
          content: { 'text/event-stream': { schema: { type: 'string' } } },
        },
        default: {
          description: 'A problem',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    },
  },
};
