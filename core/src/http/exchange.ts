import type { Context } from 'koa';
import { deviceOf } from '../access/device.js';
import type { LiveSession } from '../access/live-sessions.js';
import type { HttpExchange } from '../context/frame.js';
import { MOST_BEHIND_MS } from '../database/homes/replica.js';
import { callerOf } from '../plugins/caller.js';
import { headerOf } from './request-view.js';
import type { RouteState } from './route-host.js';

/** `__Host-` binds the cookie to this host and to https; browsers refuse that prefix on plain http. */
export const cookieName = (secure: boolean): string => (secure ? '__Host-ilearn' : 'ilearn');

export function readSessionCookie(ctx: Context, secure: boolean): string | undefined {
  return ctx.cookies.get(cookieName(secure), { signed: false });
}

const changeCookie = (secure: boolean): string => (secure ? '__Host-ilearn-changed' : 'ilearn-changed');

/** Whether this browser changed something so lately that a replica may not show it yet. */
export const hasChanged = (ctx: Context, secure: boolean): boolean =>
  ctx.cookies.get(changeCookie(secure), { signed: false }) !== undefined;

/** Makes `hasChanged` true for this browser's requests of the next seconds. */
export function rememberChange(ctx: Context, secure: boolean): void {
  const attributes = ['Path=/', 'HttpOnly', 'SameSite=Lax', ...(secure ? ['Secure'] : []), `Max-Age=${CHANGED_SECONDS}`];
  ctx.append('set-cookie', `${changeCookie(secure)}=1; ${attributes.join('; ')}`);
}

/** Takes the cookies off an answer that has failed, except that of `rememberChange`: a change may be stored all the same. */
export function dropCookies(ctx: Context): void {
  const set = [ctx.response.headers['set-cookie'] ?? []].flat();
  const kept = set.filter((each) => [true, false].some((secure) => each.startsWith(`${changeCookie(secure)}=`)));
  ctx.remove('set-cookie');
  if (kept.length > 0) ctx.set('set-cookie', kept);
}

/** A replica that is read is at most as old as this, and a second for the way to the browser and its rounding. */
const CHANGED_SECONDS = MOST_BEHIND_MS / 1_000 + 1;

/** The session part of one request; a cookie that it sets is sent with the answer. */
export function createExchange(ctx: Context, secure: boolean): HttpExchange {
  const { machine } = ctx.state as RouteState;
  return {
    caller() {
      return callerOf(this.recognised?.id ?? this.session?.personId, ctx.ip);
    },
    header: (name) => headerOf(ctx, name),
    device() {
      return deviceOf(ctx.headers['user-agent']);
    },
    sessionHash: null,
    session: null,
    recognised: machine?.principal ?? null,
    setSessionCookie(id, seconds = 0) {
      if (machine !== undefined) throw new Error('a machine has no session: name machines: { none } on this route');
      const attributes = ['Path=/', 'HttpOnly', 'SameSite=Lax', ...(secure ? ['Secure'] : [])];
      // Max-Age instead of Expires: the browser uses its own clock, and the clock of this process may be wrong.
      attributes.push(`Max-Age=${id === null ? 0 : seconds}`);
      ctx.set('set-cookie', `${cookieName(secure)}=${id ?? ''}; ${attributes.join('; ')}`);
    },
  };
}

export function attachSession(exchange: HttpExchange, session: LiveSession): void {
  const { hash, roles, ...known } = session;
  exchange.sessionHash = hash;
  exchange.session = known;
}
