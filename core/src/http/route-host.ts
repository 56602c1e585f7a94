import type { IncomingMessage } from 'node:http';
import type { Context } from 'koa';
import type { LiveSession, LiveSessions } from '../access/live-sessions.js';
import type { Permissions } from '../access/roles.js';
import type { Frame, HttpExchange } from '../context/frame.js';
import type { UploadFields } from '../contract/files.js';
import type { RefusedRequest } from '../contract/plugin.js';
import type { Principal } from '../contract/principal.js';
import type { Problem } from '../contract/problem.js';
import type { ReceivedUploads } from '../files/uploads.js';
import type { TimeLimit } from '../foundation/time-limit.js';
import type { Budgets } from '../machines/budgets.js';
import type { Machine, MachineIdentifier } from '../machines/identify.js';
import type { Retry } from '../machines/stored-answers.js';
import type { WorkRunner } from '../unit-of-work/work-runner.js';
import type { Cursors } from './cursor.js';
import type { Encoded } from './encode.js';

export interface RouteHost {
  pluginId: string;
  runner: WorkRunner;
  permissions: Permissions;
  sessions: LiveSessions;
  machines: MachineIdentifier;
  budgets: Budgets;
  cursors(): Cursors;
  /** Origins whose pages may send writes with the session cookie. */
  origins: readonly string[];
  /** The cookie is sent over https only. */
  secure: boolean;
  languages: readonly string[];
  /** The plugin's tables contain people, so its answers are recorded in the audit log. */
  audited: boolean;
  /** The plugin handles requests of people about their data, so its routes for officers reach everybody's rows. */
  answersRequests: boolean;
  /** Receives the uploads of a request; null for the kernel's own routes, which have none. */
  uploads: RouteUploads | null;
  services(frame: Frame): unknown;
  /** Called if abandoned uploads could not be removed; the sweep removes them later. */
  unsettled(about: Record<string, string>, error: Error): void;
  /** Called for a request that was refused before its handler was called. */
  refused?: ((request: RefusedRequest, about: Record<string, string>) => void) | undefined;
  /** Called for a slow request. */
  slow(about: Record<string, string>, told: Slow): void;
}

export interface RouteUploads {
  /** Number of bytes that the principal's tenants may still store. @throws Problem if none */
  room(frame: Frame): Promise<number>;
  /** @throws Problem */
  receive(request: IncomingMessage, fields: UploadFields, room: number): Promise<ReceivedUploads>;
}

export interface Slow {
  route: string;
  ms: number;
  limitMs: number;
  /** It reached its time limit. */
  over: boolean;
}

/** State of a request while it is being answered; read by the log, the gate and the code that answers with a problem. */
export interface RouteState {
  http?: HttpExchange;
  /** The machine that calls; undefined for people. */
  machine?: Machine;
  /** The handler was called. */
  reached?: boolean;
  /** The route's own format for problems. */
  formatProblem?: ProblemFormat | undefined;
}

/** @throws Error if the route returns something that cannot be sent */
export type ProblemFormat = (problem: Problem) => Encoded;

/** One request of a route. */
export interface Call {
  ctx: Context;
  params: Record<string, string>;
  cookie: string | undefined;
  body: unknown;
  uploads: unknown;
  limit: TimeLimit;
  /** Set if the client may send the request again. */
  retry: Retry | null;
  /** What the route's `outside.call` returned. */
  result: unknown;
}

export interface Admitted {
  session: LiveSession | null;
  principal: Principal;
  input: { params: unknown; query: unknown; body: unknown; uploads: unknown };
}
