import type { Context } from 'koa';
import type { CachedSession, LiveSession } from '../access/live-sessions.js';
import { signInFirst } from '../access/sign-in-first.js';
import { entryStatement } from '../audit/entry.js';
import type { Frame, HttpExchange } from '../context/frame.js';
import type { Upload, UploadFields } from '../contract/files.js';
import { anonymous } from '../contract/principal.js';
import { Problem } from '../contract/problem.js';
import { Reply } from '../contract/reply.js';
import type { Route } from '../contract/route.js';
import type { ReceivedUploads } from '../files/uploads.js';
import { findUnstorable } from '../foundation/storable.js';
import { ClientGone, TimeLimit } from '../foundation/time-limit.js';
import type { Machine } from '../machines/identify.js';
import { claim, type Retry, recall, retryKey, retryOf, store, streamed, type WholeAnswer } from '../machines/stored-answers.js';
import { callerOf } from '../plugins/caller.js';
import type { WorkOptions } from '../unit-of-work/work-runner.js';
import { authorise } from './authorise-route.js';
import { bearerOf, requireScope, twoCredentials, unknownToken } from './bearer.js';
import { DEFAULT_BODY_LIMIT, readBody } from './body.js';
import { deprecationHeaders } from './deprecation.js';
import { checkResponses, type Encoded, encode } from './encode.js';
import { attachSession, createExchange, hasChanged, readSessionCookie, rememberChange } from './exchange.js';
import { callOutside, enterAsCaller } from './outside-call.js';
import { collectPairs } from './pairs.js';
import { checkProblem, problemOfDatabase } from './problems.js';
import { headerOf, queryOf, RequestView } from './request-view.js';
import type { Admitted, Call, ProblemFormat, RouteHost, RouteState } from './route-host.js';
import { requireSameOrigin } from './same-origin.js';
import { sendReply } from './send-reply.js';
import { isByteStream } from './stream.js';
import { validatePart, validationProblem } from './validate.js';

const DEFAULT_TIMEOUT_MS = 30_000;
/** A request is logged as slow after a third of its time limit, or after this, whichever is less. */
const SLOW_MS = 5_000;
/** A sender of files is disconnected after this; one that stalls, much earlier. */
const UPLOAD_MS = 60 * 60_000;

/** Placeholder for a body that is received later. */
const toCome = Symbol('body');

export type RouteServer = (ctx: Context, params: Record<string, string>) => Promise<void>;

/** Creates the function that answers a route: session, permission, validation, handler, commit, answer, in that order. */
export function serveRoute(route: Route, host: RouteHost): RouteServer {
  const accepted = route.consumes ?? ['application/json'];
  const responses = new Map(Object.entries(route.responses).map(([status, spec]) => [Number(status), spec]));
  checkResponses(responses);
  const audited = host.audited && route.audit === undefined;
  const name = `${route.method} /api/${host.pluginId}${route.path}`;
  const readOnly = isReadOnly(route);
  // Whoever answers a request of a restricted person must see what is asked about.
  const officer = host.answersRequests && route.permission !== 'public' && route.permission !== 'signed-in';
  const changes = route.session !== false && (route.method !== 'GET' || route.changes !== undefined);
  /** A machine has no cookie that tells of its changes. */
  const mayLag = (ctx: Context): boolean =>
    route.mayLag === true && readOnly && (ctx.state as RouteState).machine === undefined && !hasChanged(ctx, host.secure);
  const bodyLimit = route.bodyLimit ?? DEFAULT_BODY_LIMIT;
  const limitMs = route.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const slowMs = Math.min(limitMs / 3, SLOW_MS);
  const cost = route.machines !== undefined && 'scope' in route.machines ? (route.machines.cost ?? 1) : 1;
  const deprecation = deprecationHeaders(route.deprecated);
  const success = [...responses.keys()].find((status) => status >= 200 && status < 300) ?? 200;

  /** @throws Problem if the caller may not make this request, or it is invalid */
  const admit = ({ ctx, params, body, uploads }: Call, session: LiveSession | null): Admitted => {
    const machine = (ctx.state as RouteState).machine;
    const principal = machine === undefined ? authorise(route, host.permissions, session) : machine.principal;
    const query = route.query === undefined ? undefined : queryOf(ctx);
    const errors = findUnstorable('params', params);
    if (query !== undefined) errors.push(...findUnstorable('query', query));
    if (body !== undefined && body !== toCome) errors.push(...findUnstorable('body', body));
    if (errors.length > 0) throw validationProblem(errors);
    const input = {
      params: validatePart('params', route.params, params, errors),
      query: validatePart('query', route.query, query, errors),
      // Not received yet: rights are checked before the upload.
      body: body === toCome ? undefined : validatePart('body', route.body, body, errors),
      uploads,
    };
    if (errors.length > 0) throw validationProblem(errors);
    return { session, principal, input };
  };

  const handle = async (call: Call, frame: Frame, admitted: Admitted): Promise<Encoded | Problem> => {
    const { ctx, params, limit, result: found } = call;
    const { session, input } = admitted;
    const { principal } = frame;
    const exchange = frame.http as HttpExchange;
    if (session !== null) attachSession(exchange, session);
    const request = new RequestView(ctx, session?.language ?? null, host.languages, limit, host.cursors);
    const work = <T>(fn: (services: unknown) => Promise<T>): Promise<T> =>
      host.runner.run({ about: ctx.state.about, place: name, readOnly, mayLag: mayLag(ctx), principal, officer }, (own) =>
        fn(host.services(own)),
      );
    const before = call.retry === null ? null : await claim(frame.unit, call.retry);
    if (before !== null) return before;
    (ctx.state as RouteState).reached = true;
    const given = { ...input, principal, services: host.services(frame), request, work, result: found };
    const result: unknown = await route.handler(given);
    // A returned problem is an answer: the unit of work commits. A thrown problem rolls it back.
    const encoded = result instanceof Problem ? checkProblem(result) : encode(result, success, responses);
    if (call.retry !== null) {
      if (!(encoded instanceof Problem) && isByteStream(encoded.body)) throw streamed();
      frame.unit.withCommit(store(call.retry, encoded as Problem | WholeAnswer));
    }
    if (audited) {
      const { kind, id, tenants } = principal.kind === 'anonymous' ? (exchange.recognised ?? principal) : principal;
      const { requestId } = ctx.state;
      const { status } = encoded;
      const about = { plugin: host.pluginId, route: name, params, status, tenants, requestId };
      frame.unit.withCommit(
        entryStatement({
          ...about,
          actorKind: kind,
          actor: kind === 'person' ? id : null,
          client: kind === 'service' ? id : null,
        }),
      );
    }
    return encoded;
  };

  /** Options of a unit of work that answers a request; anonymous until the caller is known. */
  const unitOf = (ctx: Context, more: WorkOptions): WorkOptions => {
    const http = createExchange(ctx, host.secure);
    (ctx.state as RouteState).http = http;
    return { about: ctx.state.about, place: name, http, readOnly, mayLag: mayLag(ctx), officer, principal: anonymous, ...more };
  };

  const find = (call: Call): Promise<Encoded | Problem> => {
    const { ctx, cookie, limit } = call;
    return host.runner.run(unitOf(ctx, { limit }), async (outer) => {
      const admitted = admit(call, await host.sessions.find(outer.unit, cookie));
      return host.runner.as(outer, admitted.principal, (frame) => handle(call, frame, admitted));
    });
  };

  /** A read-only request may start with the cached session; it is verified with the first statement, and no result is used before that. */
  const answerFromCache = (call: Call, { session, precondition }: CachedSession): Promise<Encoded | Problem> => {
    const { ctx, limit } = call;
    const admitted = admit(call, session);
    const { principal } = admitted;
    return host.runner.run(unitOf(ctx, { principal, precondition, limit }), (frame) => handle(call, frame, admitted));
  };

  /**
   * Answers within the time limit, which starts after the request was read and work outside its unit of work is done: a slow sender does
   * not count against the route.
   */
  const answer = async (call: Call): Promise<Encoded | Problem> => {
    const { ctx, limit } = call;
    const started = performance.now();
    const gone = () => (readOnly ? limit.giveUp(new ClientGone()) : limit.abort(new ClientGone()));
    ctx.res.once('close', gone);
    limit.start(limitMs);
    const cached = readOnly ? host.sessions.cached(call.cookie) : null;
    try {
      if (cached === null) return await find(call);
      try {
        return await answerFromCache(call, cached);
      } catch (error) {
        if (cached.confirmed || limit.givenUp) throw error;
        return await find(call);
      }
    } finally {
      limit.end();
      ctx.res.off('close', gone);
      const ms = Math.round(performance.now() - started);
      if (ms >= slowMs) host.slow(ctx.state.about, { route: name, ms, limitMs, over: ms >= limitMs });
    }
  };

  const authoriseFirst = async (ctx: Context, ask: NonNullable<Route['authorise']>): Promise<void> => {
    const limit = new TimeLimit();
    limit.start(limitMs);
    try {
      await host.runner.run(unitOf(ctx, { readOnly: true, limit }), (frame) =>
        ask({ request: new RequestView(ctx, null, host.languages, limit, host.cursors), services: host.services(frame) }),
      );
    } catch (error) {
      throw problemOfDatabase(error, true) ?? error;
    } finally {
      limit.end();
    }
  };

  /** Finds out which machine sent this token, charges its budget, and checks that it may call the route. @throws Problem */
  const admitMachine = async (ctx: Context, token: string): Promise<void> => {
    const work = { about: ctx.state.about, http: createExchange(ctx, host.secure) };
    const machine = await host.machines.identify(token, work, callerOf(null, ctx.ip));
    if (machine === null) throw unknownToken();
    (ctx.state as RouteState).machine = machine;
    const { headers, refusal } = await host.budgets.charge(machine, cost, work);
    ctx.set(headers);
    if (refusal !== null) throw refusal;
    requireScope(host.pluginId, route, machine);
  };

  /** The stored answer of a route that works outside its unit of work, so that this work is not repeated. */
  const answeredBefore = (ctx: Context, retry: Retry): Promise<WholeAnswer | Problem | null> =>
    host.runner.run(unitOf(ctx, { readOnly: true }), ({ unit }) => recall(unit, retry));

  /** Receives files before the unit of work begins, and only from a caller who may send them. */
  const receiveUploads = async (call: Call, fields: UploadFields): Promise<ReceivedUploads> => {
    const { uploads } = host;
    if (uploads === null) throw new Error(`${name} takes uploads, which its host cannot receive`);
    const room = await enterAsCaller({ ...call, body: toCome }, { host, name, admit }, (frame) => uploads.room(frame));
    call.ctx.state.bodyMs = UPLOAD_MS;
    const received = await uploads.receive(call.ctx.req, fields, room);
    call.body = collectPairs(received.body);
    call.uploads = received.uploads;
    return received;
  };

  const serve = async (ctx: Context, params: Record<string, string>): Promise<void> => {
    ctx.set(deprecation);
    const cookie = route.session === false ? undefined : readSessionCookie(ctx, host.secure);
    const token = route.session === false ? undefined : bearerOf(ctx);
    if (token !== undefined && cookie !== undefined) throw twoCredentials();
    // A public route needs no token, so the kernel does not read it.
    const isMachine = token !== undefined && route.permission !== 'public';
    // Also checked without a session: otherwise another site could sign its visitor in as another person (login CSRF).
    const fromBrowser = headerOf(ctx, 'origin') !== undefined || headerOf(ctx, 'sec-fetch-site') !== undefined;
    if (!isMachine && (cookie !== undefined || (route.session !== false && fromBrowser))) {
      requireSameOrigin(route.method, (name) => headerOf(ctx, name), host.origins);
    }
    if (isMachine) await admitMachine(ctx, token);
    else if (cookie === undefined && route.permission !== 'public') throw signInFirst();
    if (route.authorise !== undefined) await authoriseFirst(ctx, route.authorise);
    // Read before the unit of work begins, so that a slow sender holds no connection.
    const call: Call = {
      ctx,
      params,
      cookie,
      body: undefined,
      uploads: undefined,
      limit: new TimeLimit(),
      retry: null,
      result: undefined,
    };
    const received = route.upload === undefined ? null : await receiveUploads(call, route.upload);
    if (received === null && route.body !== undefined) {
      call.body = await readBody(ctx.req, accepted, bodyLimit);
    }
    const retryHeader = isMachine && route.method !== 'GET' ? headerOf(ctx, 'idempotency-key') : undefined;
    if (retryHeader !== undefined) call.retry = retryOfCall(call, retryHeader);
    let reply: Encoded | Problem;
    try {
      // This has its own deadline.
      const before = call.retry === null || route.outside === undefined ? null : await answeredBefore(ctx, call.retry);
      if (before === null && route.outside !== undefined) {
        call.result = await callOutside(call, route.outside, { host, name, admit });
      }
      reply = before ?? (await answer(call));
    } catch (error) {
      // Converted before the gate sees it, because an error caused by the caller's input is not a failure of the plugin.
      const given = call.body !== undefined || ctx.querystring !== '' || Object.keys(params).length > 0;
      throw problemOfDatabase(error, given) ?? error;
    } finally {
      if (changes && host.runner.replica !== null) rememberChange(ctx, host.secure);
      await received?.settle().catch((error: Error) => host.unsettled(ctx.state.about, error));
    }
    if (reply instanceof Problem) throw reply;
    await sendReply(ctx, reply);
  };

  return async (ctx, params) => {
    const told = (status: number) => {
      const { machine } = ctx.state as RouteState;
      const call = { plugin: host.pluginId, route: `${route.method} ${route.path}`, status };
      if (machine !== undefined) host.machines.called(machine, call, ctx.state.about);
    };
    try {
      await serve(ctx, params);
      told(ctx.status);
    } catch (error) {
      told(error instanceof Problem ? error.status : 500);
      throw error;
    }
  };
}

/** @throws Problem 400 if the key is malformed */
function retryOfCall({ ctx, body, uploads }: Call, header: string): Retry {
  const machine = (ctx.state as RouteState).machine as Machine;
  const content = Buffer.isBuffer(body) ? body.toString('base64') : body;
  return retryOf(retryKey(header), machine, [ctx.method, ctx.url, content ?? null, hashesOf(uploads)]);
}

/** What is in the files, whose ids differ in each request. */
const hashesOf = (uploads: unknown): unknown =>
  Object.entries((uploads ?? {}) as Record<string, Upload | Upload[] | null>).map(([field, files]) => [
    field,
    [files].flat().map((file) => [file?.name, file?.sha256]),
  ]);

/** The problem format of a route that formats problems itself. */
export function problemFormat(route: Route, format: (problem: Problem) => Reply): ProblemFormat {
  const responses = new Map(Object.entries(route.responses).map(([status, spec]) => [Number(status), spec]));
  return (problem) => {
    const answer: unknown = format(problem);
    if (!(answer instanceof Reply)) throw new Error('formatProblem of the route returns no reply: make one with reply()');
    return encode(answer, problem.status, responses);
  };
}

/** Public routes may change something on GET, because single sign-on returns to the portal by GET. */
const isReadOnly = ({ method, permission, changes }: Route): boolean =>
  method === 'GET' && permission !== 'public' && changes === undefined;
