import type { LiveSession } from '../access/live-sessions.js';
import type { Frame } from '../context/frame.js';
import { anonymous } from '../contract/principal.js';
import type { Read, Route } from '../contract/route.js';
import { underDeadline } from '../unit-of-work/deadline.js';
import { answerOf } from '../unit-of-work/network-faults.js';
import { attachSession, createExchange } from './exchange.js';
import { RequestView } from './request-view.js';
import type { Admitted, Call, RouteHost, RouteState } from './route-host.js';

const SECONDS = 10;

interface Served {
  host: RouteHost;
  /** The route's name. */
  name: string;
  /** @throws Problem if the caller may not make this request, or it is invalid */
  admit(call: Call, session: LiveSession | null): Admitted;
}

/**
 * Runs `fn` in a separate read-only unit of work, as the caller.
 *
 * @throws Problem if the caller may not make this request, or it is invalid
 */
export function enterAsCaller<T>(
  request: Call,
  { host, name, admit }: Served,
  fn: (frame: Frame, admitted: Admitted) => Promise<T>,
): Promise<T> {
  const { ctx, cookie } = request;
  const exchange = createExchange(ctx, host.secure);
  const work = { http: exchange, about: ctx.state.about, place: name, readOnly: true, principal: anonymous };
  return host.runner.run(work, async (outer) => {
    const session = await host.sessions.find(outer.unit, cookie);
    if (session !== null) attachSession(exchange, session);
    (ctx.state as RouteState).http = exchange;
    const admitted = admit(request, session);
    return host.runner.as(outer, admitted.principal, (frame) => fn(frame, admitted));
  });
}

/**
 * Runs a route's `outside.call` while no unit of work is open. Rights and input are checked first. Each `read` looks the session up again,
 * so that a person who was signed out or lost a role in the meantime can read nothing more.
 *
 * @throws Problem if the caller may not make this request or a service does not answer; any error of the plugin
 */
export async function callOutside(
  request: Call,
  { seconds = SECONDS, call }: NonNullable<Route['outside']>,
  { host, name, admit }: Served,
): Promise<unknown> {
  const { ctx } = request;
  const state = ctx.state as RouteState;
  const enter = <T>(fn: (frame: Frame, admitted: Admitted) => Promise<T>): Promise<T> =>
    enterAsCaller(request, { host, name, admit }, fn);
  const { input, principal, session } = await enter(async (_, admitted) => admitted);
  const http = host.runner.httpOf(host.pluginId);
  const read: Read<unknown> = (fn) => enter((frame) => fn(host.services(frame)));
  const view = new RequestView(ctx, session?.language ?? null, host.languages, request.limit, host.cursors);
  state.reached = true;
  try {
    return await underDeadline(seconds, null, (signal) => call({ ...input, principal, read, http, request: view, signal }));
  } catch (error) {
    throw answerOf(error);
  }
}
