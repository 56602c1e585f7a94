import type { Context } from 'koa';
import type { LiveSession, LiveSessions } from '../access/live-sessions.js';
import type { Permissions } from '../access/roles.js';
import type { Frame, HttpExchange } from '../context/frame.js';
import type { Principal } from '../contract/principal.js';
import type { TimeLimit } from '../foundation/time-limit.js';
import type { WorkRunner } from '../work/work-runner.js';

export interface RouteHost {
  pluginId: string;
  runner: WorkRunner;
  permissions: Permissions;
  sessions: LiveSessions;
  /** Origins whose pages may write with the session cookie. */
  origins: readonly string[];
  /** The cookie travels over https only. */
  secure: boolean;
  languages: readonly string[];
  /** Its tables hold people: what its routes answer is noted in the audit log. */
  audited: boolean;
  services(frame: Frame): unknown;
  /** It took long. */
  slow(about: Record<string, string>, told: Slow): void;
}

export interface Slow {
  route: string;
  ms: number;
  limitMs: number;
  /** It was given up. */
  over: boolean;
}

/** What is known of a request while it is answered. */
export interface RouteState {
  http?: HttpExchange;
  /** Its handler was called. */
  reached?: boolean;
}

/** One request of a route. */
export interface Call {
  ctx: Context;
  params: Record<string, string>;
  cookie: string | undefined;
  body: unknown;
  limit: TimeLimit;
  /** What the route did before its unit of work came to. */
  result: unknown;
}

export interface Admitted {
  session: LiveSession | null;
  principal: Principal;
  input: { params: unknown; query: unknown; body: unknown };
}
