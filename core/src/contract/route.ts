import type { z } from 'zod';
import { brand } from './brand.js';
import type { Nothing } from './declared.js';
import type { Principal } from './principal.js';
import type { Problem } from './problem.js';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * A response that is not plain JSON: other media type, redirect or nothing. With a media type and no schema the handler returns text, bytes,
 * or an `AsyncIterable<Uint8Array>`, which is sent part by part after the commit.
 */
export interface ResponseSpec {
  description: string;
  /** Media type; JSON when it ends in `json`. Absent: no body. */
  contentType?: string;
  schema?: z.ZodType;
}

/** A response without a body. */
export interface NoBody {
  description: string;
  contentType?: never;
  schema?: never;
}

export const html = (description: string): { description: string; contentType: 'text/html' } => ({
  description,
  contentType: 'text/html',
});
export const redirect = (description: string): NoBody => ({ description });
export const nothing = (description: string): NoBody => ({ description });

/** Who may call: `public` (anyone), `signed-in` (any person), or a permission that a plugin declares. */
export type RoutePermission = 'public' | 'signed-in' | (string & {});

export interface RequestInput<Cradle, Params, Query, Body> {
  params: Params;
  query: Query;
  body: Body;
  principal: Principal;
  /** The plugin's services, in this request's scope. */
  services: Cradle;
  request: RouteRequest;
  /**
   * For the parts of a streamed answer, which are made after the handler's unit of work has committed: runs `fn` in a short unit of its
   * own, as the same principal. Not within the handler itself.
   */
  work<T>(fn: (services: Cradle) => Promise<T>): Promise<T>;
}

export interface RouteRequest {
  id: string;
  method: string;
  /** Path and query as the client sent them. */
  url: string;
  /** Header by lower-case name. */
  header(name: string): string | undefined;
  /** The client's address; behind a proxy only as `TRUST_PROXY` allows. */
  address: string;
  /**
   * Aborted at the route's time limit, and when the client goes away: what is only read for it is given up then, what may change something
   * goes on to its end unless the handler heeds this.
   */
  signal: AbortSignal;
  /** First language of the client that the portal speaks. */
  language: string;
}

/** Opens a unit of work of its own, as the caller, in which PostgreSQL refuses every change. */
export type Read<Cradle> = <T>(fn: (services: Cradle) => Promise<T>) => Promise<T>;

/** What runs before a route's handler while no unit of work is open: a call to another service, a password hash. */
export interface RouteOutside<Cradle, Params, Query, Body, Result> {
  /** Seconds before it is given up and the caller gets a 504; default 10. */
  seconds?: number;
  /** What it returns is the handler's `result`. An error of the network becomes a 502, a {@link Problem} that it throws is the answer. */
  call(
    input: Omit<RequestInput<Cradle, Params, Query, Body>, 'services' | 'work'> & {
      read: Read<Cradle>;
      /** Aborted when the time is up. */
      signal: AbortSignal;
    },
  ): Promise<Result> | Result;
}

type Infer<S, Fallback> = S extends z.ZodType ? z.output<S> : Fallback;
type ParamsOf<P> = Infer<P, Nothing>;
type QueryOf<Q> = Infer<Q, Nothing>;
type BodyOf<B> = Infer<B, undefined>;

/** What a route is, as the author writes it. */
export interface RouteOptions<
  Cradle,
  P extends z.ZodType | undefined,
  Q extends z.ZodType | undefined,
  B extends z.ZodType | undefined,
  Result = undefined,
  Answer = unknown,
> {
  method: Method;
  /** Below `/api/<plugin>`, with `:name` parameters: `/paths/:id`. */
  path: string;
  summary: string;
  permission: RoutePermission;
  /** `false`: the session cookie is not looked at, nor needed (calls from tools, cross-site posts). Only with `public`. */
  session?: false;
  /**
   * Where the plugin's tables hold people, the audit log notes each of its requests that was answered. A GET route that shows nothing
   * of anyone says why it needs no entry.
   */
  audit?: { none: string };
  /**
   * A GET changes nothing (RFC 9110 section 9.2.1): unless it is `public`, its unit of work is read-only, and its handler may run twice.
   * One that must store something, as protocols of redirects ask, says what, and does not answer HEAD (405).
   */
  changes?: string;
  /**
   * For callers that the kernel does not know, such as tools with a token: looks at their credentials before the body is read and anything
   * of the request is checked, in a read-only unit of work of its own. Whoever may not ask gets the {@link Problem} that it throws.
   */
  authorise?(input: { request: RouteRequest; services: Cradle }): Promise<void>;
  params?: P;
  query?: Q;
  body?: B;
  /** Media types that the body may have; default `['application/json']`. Forms: `application/x-www-form-urlencoded`. */
  consumes?: string[];
  /** Greatest body in bytes; default 1 MiB. */
  bodyLimit?: number;
  /**
   * How long its unit of work may take, in milliseconds; default 30 000. Then it is rolled back, the statement under way cancelled, and 503
   * answered.
   */
  timeoutMs?: number;
  /** Every answer the handler may give, by status. JSON answers are cut down to their schema. */
  responses: Record<number, z.ZodType | ResponseSpec>;
  /** Whatever waits for something other than the database. The caller's rights and input are checked before it, and again with the handler. */
  outside?: RouteOutside<Cradle, ParamsOf<P>, QueryOf<Q>, BodyOf<B>, Result>;
  /**
   * Returns the body of the first 2xx response, or a {@link Reply}. What is returned commits the unit of work, whatever
   * its status; what is thrown rolls it back.
   */
  handler(input: RequestInput<Cradle, ParamsOf<P>, QueryOf<Q>, BodyOf<B>> & { result: Result }): Answer;
}

/** The names in a path: `/paths/:id/steps/:stepId` → `'id' | 'stepId'`. */
export type ParameterName<Path> = Path extends `${string}:${infer Rest}`
  ? Rest extends `${infer Name}/${infer Tail}`
    ? Name | ParameterName<`/${Tail}`>
    : Rest
  : never;

/** Refuses a schema of params with a name that the path does not have. */
type CheckParams<Path extends string, P> = P extends z.ZodType
  ? [Exclude<keyof z.input<P>, ParameterName<Path>>] extends [never]
    ? unknown
    : { params?: `the path ${Path} has no parameter :${Exclude<keyof z.input<P>, ParameterName<Path>> & string}` }
  : unknown;

type Responses = Record<number, z.ZodType | ResponseSpec>;

/** What is answered for a declared response: JSON before its schema is applied, bytes, or nothing. */
type BodyFor<S> = S extends z.ZodType
  ? Readable<z.input<S>>
  : S extends { schema: infer T extends z.ZodType }
    ? Readable<z.input<T>>
    : S extends NoBody
      ? undefined
      : S extends { contentType: string; schema?: undefined }
        ? string | Uint8Array | AsyncIterable<Uint8Array>
        : unknown;

/** What is only read may be read-only. */
type Readable<T> = T extends readonly (infer E)[]
  ? readonly Readable<E>[]
  : T extends Date | Uint8Array
    ? T
    : T extends object
      ? { [K in keyof T]: Readable<T[K]> }
      : T;

/** What a handler may return: the body of a 2xx response, a {@link Reply} with a declared status and its body, or a problem. */
export type Answered<R extends Responses> =
  | {
      [Status in keyof R]:
        | Reply<Status & number, BodyFor<R[Status]>>
        | (`${Status & number}` extends `2${string}` ? BodyFor<R[Status]> | (R[Status] extends NoBody ? void : never) : never);
    }[keyof R]
  | Problem;

/**
 * Keeps literals in a handler's answer: `{ state: 'open' }` is to be of type `{ state: 'open' }`, which fits a schema of `z.enum`, and not
 * `{ state: string }`. TypeScript keeps a literal where a literal type is expected, and it looks at a handler before it has inferred `R`, when
 * nothing is known of the answer. For that moment this type says that literals may come; as soon as `R` is known it is `never`.
 */
type LiteralsIn<R extends Responses> = Responses extends R ? Literals : never;
type Literals = '' | 0 | false | { [member: string]: Literals } | Literals[];

/** A route as the kernel holds it. */
// biome-ignore lint/suspicious/noExplicitAny: a list of routes mixes input types
export type Route = RouteOptions<any, any, any, any, any, any>;

/** A route that still knows its own types, for those who call it. */
export interface TypedRoute<
  M extends Method,
  Path extends string,
  P,
  Q,
  B,
  R extends Responses,
  Permission extends string = string,
> extends Route {
  method: M;
  path: Path;
  permission: Permission;
  params?: P;
  query?: Q;
  body?: B;
  responses: R;
}

/**
 * Types a plugin's routes: `const route = routeFor<Cradle>()`. The handler's input follows from the schemas, what it returns must fit
 * `responses`, and `params` must name parameters of the path.
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
  >(
    options: RouteOptions<Cradle, P, Q, B, Result, Answered<R> | LiteralsIn<R> | Promise<Answered<R> | LiteralsIn<R>>> & {
      method: M;
      path: Path;
      permission: Permission;
      responses: R;
    } & CheckParams<Path, P>,
  ): TypedRoute<M, Path, P, Q, B, R, Permission> => options as unknown as TypedRoute<M, Path, P, Q, B, R, Permission>;
}

/** An answer with a status or headers of its own. */
// biome-ignore lint/suspicious/noExplicitAny: a function may return an answer of any route
export class Reply<Status extends number = any, Body = any> {
  constructor(
    readonly status: Status,
    readonly body?: Body,
    readonly headers: Record<string, string> = {},
  ) {}
}

brand(Reply);

export const reply = <const Status extends number, const Body = undefined>(
  status: Status,
  body?: Body,
  headers?: Record<string, string>,
): Reply<Status, Body> => new Reply(status, body, headers);

/** See Other unless told: the client follows with GET. */
export function redirectTo(location: string): Reply<302, undefined>;
export function redirectTo<const Status extends 302 | 303>(location: string, status: Status): Reply<Status, undefined>;
export function redirectTo(location: string, status = 302): Reply<number, undefined> {
  return new Reply(status, undefined, { location });
}
