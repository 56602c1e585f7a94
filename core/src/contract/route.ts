import type { z } from 'zod';
import type { Nothing } from './declared.js';
import type { UploadFields, UploadsOf } from './files.js';
import type { HttpOf } from './http.js';
import type { MachineAccess, RouteDeprecation } from './machines.js';
import type { Position } from './position.js';
import type { Principal } from './principal.js';
import type { Problem } from './problem.js';
import type { Reply } from './reply.js';
import type { Answered, LiteralsIn, ResponseSpec, Responses } from './responses.js';

/** Methods of a route. The GET route of a path also answers HEAD. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Who may call a route, open a page or see a slot: `public` (anyone), `signed-in` (every signed-in person), or the name of a permission of
 * this plugin or of one that it uses.
 */
export type RoutePermission = 'public' | 'signed-in' | (string & {});

/** The input of a route's handler. `params`, `query` and `body` are the outputs of their schemas. */
export interface RequestInput<Cradle, Params, Query, Body, Uploads = undefined> {
  params: Params;
  query: Query;
  body: Body;
  /** The received files, by field of `upload`. */
  uploads: Uploads;
  /** The caller, with the tenants where the permission of the route is granted. */
  principal: Principal;
  /** The plugin's services; separate instances for this request. */
  services: Cradle;
  request: RouteRequest;
  /**
   * Runs `fn` in a separate short unit of work, as the same principal. Only for the parts of a streamed answer, which are produced after
   * the handler's unit of work has committed; it throws if called within the handler.
   */
  work<T>(fn: (services: Cradle) => Promise<T>): Promise<T>;
}

/** The HTTP request behind a call. */
export interface RouteRequest {
  /** Identifies the request in the log, in the header `x-request-id` and in problem answers. */
  id: string;
  method: string;
  /** Path and query as sent by the client. */
  url: string;
  /** A header by its lower-case name; undefined if the request does not have it. */
  header(name: string): string | undefined;
  /** IP address of the client; that of the proxy unless `TRUST_PROXY` is set. */
  address: string;
  /**
   * Aborted at the time limit of the route, and when the client disconnects. The kernel then abandons a read-only request; one that may
   * change something runs to its end unless the handler watches this signal.
   */
  signal: AbortSignal;
  /**
   * Where the page before ended, from the query parameter `after`; null for the first page. See `pageOf`.
   *
   * @throws Problem 400 if the cursor was changed, or comes from another list or filter
   */
  after(): Position | null;
  /** Address of the page after this position: that of this request, with the cursor as `after`. */
  next(position: Position): string;
  /** `nl`, `en` or `fr`: the first language requested by the client that the portal supports. */
  language: string;
}

/** Runs `fn` in a separate short unit of work, as the caller. It is read-only: PostgreSQL refuses every change. */
export type Read<Cradle> = <T>(fn: (services: Cradle) => Promise<T>) => Promise<T>;

/** Work of a route that must not hold a database connection, such as a call to another service or a password hash. Runs before the handler. */
export interface RouteOutside<Cradle, Params, Query, Body, Result, Uploads = undefined> {
  /** Time limit in seconds, after which the caller gets a 504; default 10. */
  seconds?: number;
  /** Its return value is the handler's `result`. A network error becomes a 502; a {@link Problem} that it throws is the answer. */
  call(
    input: Omit<RequestInput<Cradle, Params, Query, Body, Uploads>, 'services' | 'work'> & {
      read: Read<Cradle>;
      /** Calls other services. */
      http: HttpOf<Cradle>;
      /** Aborted at the time limit. */
      signal: AbortSignal;
    },
  ): Promise<Result> | Result;
}

type Infer<S, Fallback> = S extends z.ZodType ? z.output<S> : Fallback;
type ParamsOf<P> = Infer<P, Nothing>;
type QueryOf<Q> = Infer<Q, Nothing>;
type BodyOf<B> = Infer<B, undefined>;

/** A route as written by its author, for `routeFor`. */
export interface RouteOptions<
  Cradle,
  P extends z.ZodType | undefined,
  Q extends z.ZodType | undefined,
  B extends z.ZodType | undefined,
  Result = undefined,
  Answer = unknown,
  U extends UploadFields | undefined = undefined,
  Scope extends string = string,
> {
  method: Method;
  /** Below `/api/<plugin>`, with `:name` parameters: `/paths/:id`. */
  path: string;
  /** One line for the OpenAPI document and the audit log. */
  summary: string;
  permission: RoutePermission;
  /**
   * Which machines may call it with a bearer token. Required unless the permission is `public`: anyone may call such a route, and the kernel
   * does not read its bearer token.
   */
  machines?: MachineAccess<Scope>;
  deprecated?: RouteDeprecation;
  /** `false`: ignore the session cookie, for calls from tools and cross-site posts. Only with the permission `public`. */
  session?: false;
  /**
   * `true`: for a sensitive act, such as making a secret. A person must have signed in at most five minutes ago; otherwise the answer is the
   * problem `sign-in-again` (403), on which the shell asks them to sign in and repeats the request. Not with the permission `public`.
   */
  recentSignIn?: true;
  /**
   * Exempts a GET route that shows nothing about people from the audit log, with the reason. Otherwise, if the plugin has tables about
   * people, the kernel writes an entry for each answered request.
   */
  audit?: { none: string };
  /**
   * What a GET route stores, if it must, as in protocols based on redirects. Without this, a GET changes nothing (RFC 9110 section 9.2.1):
   * unless it is `public`, its unit of work is read-only, and its handler may run twice. A route with `changes` answers HEAD with 405.
   */
  changes?: string;
  /**
   * `true`: the answer of this GET route may be a few seconds old, so the kernel may read it from a replica, if the operator has one. The
   * changes of the caller's own browser are there, except those of routes with `session: false`. Not for what a page reads again after a
   * live message, nor for what decides about a change or is written back.
   */
  mayLag?: true;
  /**
   * Checks the credentials of callers without a session, such as tools with a token. Runs before the body is read and the input is
   * validated, in a separate read-only unit of work. Throw a {@link Problem} to refuse the caller.
   */
  authorise?(input: { request: RouteRequest; services: Cradle }): Promise<void>;
  /** Schema of the path parameters. Input refused by a schema is answered with 400 and its place. */
  params?: P;
  /** Schema of the query; values are text, and a repeated name becomes a list. */
  query?: Q;
  /** Schema of the body. */
  body?: B;
  /** Accepted media types of the body; default `['application/json']`. Forms: `application/x-www-form-urlencoded`. */
  consumes?: string[];
  /**
   * Fields of a multipart body that contain files, each with the kind of file. After the caller's rights were checked and before the unit
   * of work begins, files are received into the store, checked and counted; the handler keeps them with `files.keep`. The other fields are
   * the body.
   */
  upload?: U;
  /**
   * Maximum size of the body in bytes; default 1 MiB. A larger one is answered with 413. A JSON body may contain one value for each 50
   * bytes of this limit (and at least 1,000).
   */
  bodyLimit?: number;
  /**
   * Converts a problem to the error response of the protocol that the route implements, such as OAuth 2.0 (RFC 6749 §5.2). Called for every
   * problem, including those of the kernel: a malformed body, a wrong method, an outage. Without it they are sent as described for
   * {@link Problem}.
   */
  formatProblem?(problem: Problem): Reply;
  /**
   * Time limit of the unit of work in milliseconds, 1 to 600 000; default 30 000. When it is exceeded, the unit is rolled back, the running
   * statement is cancelled and the caller gets a 503.
   */
  timeoutMs?: number;
  /** Every answer that the handler may give, by status. Members that are not in the schema of a JSON answer are removed from it. */
  responses: Record<number, z.ZodType | ResponseSpec>;
  /** Work outside any unit of work. The caller's rights and input are checked before it, and again with the handler. */
  outside?: RouteOutside<Cradle, ParamsOf<P>, QueryOf<Q>, BodyOf<B>, Result, UploadsOf<U>>;
  /**
   * Returns the body of the first 2xx response, or a {@link Reply}. Returning commits the unit of work, whatever the status; throwing rolls it
   * back.
   */
  handler(input: RequestInput<Cradle, ParamsOf<P>, QueryOf<Q>, BodyOf<B>, UploadsOf<U>> & { result: Result }): Answer;
}

/** The names in a path: `/paths/:id/steps/:stepId` → `'id' | 'stepId'`. */
export type ParameterName<Path> = Path extends `${string}:${infer Rest}`
  ? Rest extends `${infer Name}/${infer Tail}`
    ? Name | ParameterName<`/${Tail}`>
    : Rest
  : never;

/** Refuses a params schema with a name that is not in the path. */
type CheckParams<Path extends string, P> = P extends z.ZodType
  ? [Exclude<keyof z.input<P>, ParameterName<Path>>] extends [never]
    ? unknown
    : { params?: `the path ${Path} has no parameter :${Exclude<keyof z.input<P>, ParameterName<Path>> & string}` }
  : unknown;

/** Requires `machines` of routes that are not public. */
type CheckMachines<Permission extends string, Scope extends string> = [Permission] extends ['public']
  ? { machines?: 'a public route is open to machines too' }
  : { machines: MachineAccess<Scope> };

/** Any route: the element type of `routes` in a manifest. */
// biome-ignore lint/suspicious/noExplicitAny: a list of routes mixes input types
export type Route = RouteOptions<any, any, any, any, any, any, any, any>;

/** A route with the types of its own schemas: what `routeFor` returns and `clientFor` of `@ilearn/ui` reads. */
export interface TypedRoute<
  M extends Method,
  Path extends string,
  P,
  Q,
  B,
  R extends Responses,
  Permission extends string = string,
  U = undefined,
  Scope extends string = string,
> extends Route {
  method: M;
  path: Path;
  permission: Permission;
  machines?: MachineAccess<Scope>;
  params?: P;
  query?: Q;
  body?: B;
  upload?: U;
  responses: R;
}

/**
 * Types the routes of a plugin: `const route = routeFor<Cradle>()`, then `route({ … })` for each. The schemas determine the types of the
 * handler's input; the handler's result must fit `responses`; `params` may only name parameters of the path.
 *
 * Literals in an answer keep their type: `{ state: 'open' }` fits a schema of `z.enum`. They need `as const` if they are not written
 * directly in the handler's answer, but in a variable or another function, in a callback below `Promise.all`, or if an async handler's
 * whole answer is one literal.
 */
export function routeFor<Cradle>() {
  return <
    M extends Method,
    const Path extends string,
    const Permission extends string,
    R extends Responses,
    P extends z.ZodType | undefined = undefined,
    Q extends z.ZodType | undefined = undefined,
    B extends z.ZodType | undefined = undefined,
    Result = undefined,
    const U extends UploadFields | undefined = undefined,
    const Scope extends string = never,
  >(
    options: RouteOptions<
      Cradle,
      P,
      Q,
      B,
      Result,
      Answered<R> | LiteralsIn<R> | Promise<Answered<R> | LiteralsIn<R>>,
      U,
      Scope
    > & {
      method: M;
      path: Path;
      permission: Permission;
      responses: R;
    } & CheckParams<Path, P> &
      CheckMachines<Permission, Scope>,
  ): TypedRoute<M, Path, P, Q, B, R, Permission, U, Scope> =>
    options as unknown as TypedRoute<M, Path, P, Q, B, R, Permission, U, Scope>;
}
