import type { z } from 'zod';
import type { UploadFields } from '../contract/files.js';
import type { Method, ParameterName, Route } from '../contract/route.js';

/**
 * A client of a plugin's routes, typed by their schemas: a changed route breaks the build of its callers. `Routes` is `typeof routes`, or a
 * union of several. Each method takes the path as declared by the route, with `params`, `query` and `body`, and resolves to the answer.
 */
export interface Client<Routes extends readonly Route[]> {
  get: Send<Routes, 'GET'>;
  post: Send<Routes, 'POST'>;
  put: Send<Routes, 'PUT'>;
  patch: Send<Routes, 'PATCH'>;
  delete: Send<Routes, 'DELETE'>;
}

/** For a path without a route, the compile error lists the existing paths, whatever the other arguments. */
type Send<Routes extends readonly Route[], M extends Method> = <const Path extends string>(
  path: Path extends PathsOf<Routes, M> ? Path : PathsOf<Routes, M>,
  ...call: Path extends PathsOf<Routes, M> ? CallArguments<Call<At<Routes, M, Path>>> : unknown[]
) => Promise<AnswerOf<At<Routes, M, Path>>>;

type PathsOf<Routes extends readonly Route[], M extends Method> = Extract<Routes[number], { method: M }>['path'];

/** The answer of a route as received by its caller, after JSON: `Answer<typeof routes, 'GET', '/notices'>`. */
export type Answer<Routes extends readonly Route[], M extends Method, Path extends string> = AnswerOf<At<Routes, M, Path>>;

type At<Routes extends readonly Route[], M extends Method, Path> = Extract<Routes[number], { method: M; path: Path }>;

// biome-ignore lint/complexity/noBannedTypes: asks whether all members may be left out
type CallArguments<C> = {} extends C ? [call?: C] : [call: C];

type Call<R extends Route> = { signal?: AbortSignal | undefined; headers?: Record<string, string> } & ParamsOf<R> &
  QueryOf<R> &
  BodyOf<R>;

/** The schema of a part of the request; never if the route has none. Works with and without `exactOptionalPropertyTypes`. */
type Schema<R extends Route, Part extends 'params' | 'query' | 'body'> = Extract<R[Part], z.ZodType>;

type ParamsOf<R extends Route> = [ParameterName<R['path']>] extends [never]
  ? unknown
  : {
      params: Given<
        [Schema<R, 'params'>] extends [never] ? Record<ParameterName<R['path']>, string> : z.input<Schema<R, 'params'>>
      >;
    };

/** A page's URL gives `string | undefined`; the call itself refuses missing values. */
type Given<P> = { [K in keyof P]: P[K] | undefined };

type QueryOf<R extends Route> = [Schema<R, 'query'>] extends [never] ? unknown : QueryMember<z.input<Schema<R, 'query'>>>;

// biome-ignore lint/complexity/noBannedTypes: asks whether all members may be left out
type QueryMember<I> = {} extends I ? { query?: QueryInput<I> | URLSearchParams } : { query: QueryInput<I> | URLSearchParams };

/** Optional members may also be given as `''` or null. */
type QueryInput<I> = { [K in keyof I]: undefined extends I[K] ? I[K] | '' | null : I[K] };

type BodyOf<R extends Route> = [Extract<R['upload'], UploadFields>] extends [never]
  ? [Schema<R, 'body'>] extends [never]
    ? unknown
    : { body: BodyInput<z.input<Schema<R, 'body'>>> }
  : { body: FormData };

/** Bytes are sent as a `Blob`, whose `type` is one of those that the route consumes. */
type BodyInput<I> = I extends Uint8Array ? Blob : I;

type AnswerOf<R extends Route> = R extends { responses: infer A } ? AnswerAmong<A> : never;

type AnswerAmong<A> = {
  [S in keyof A]: S extends number ? (`${S}` extends `2${string}` ? Received<A[S]> : never) : never;
}[keyof A];

type Received<S> = S extends z.ZodType ? Json<z.output<S>> : unknown;

/** A value after serialisation to JSON and parsing. */
type Json<T> = T extends Date ? string : T extends object ? { [K in keyof T]: Json<T[K]> } : T;
