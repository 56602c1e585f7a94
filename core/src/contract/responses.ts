import type { z } from 'zod';
import type { Problem } from './problem.js';
import type { Reply } from './reply.js';

/**
 * A response other than JSON with a schema: another media type, a redirect, or no body. With a `contentType` and no `schema`, the handler
 * returns text, bytes, or an `AsyncIterable<Uint8Array>`, whose parts are sent after the commit.
 */
export interface ResponseSpec {
  /** For the OpenAPI document. */
  description: string;
  /** Media type; JSON if it ends in `json`. Absent: no body. */
  contentType?: string;
  schema?: z.ZodType;
  /** Compresses HTML, which is not done otherwise: see {@link html}. */
  compressed?: boolean;
}

/** A response without a body. */
export interface NoBody {
  /** For the OpenAPI document. */
  description: string;
  contentType?: never;
  schema?: never;
}

/**
 * A response with a page: the handler returns HTML as text.
 *
 * @param compressed only for pages without a secret, such as a signed message: beside text that others chose, its compressed size betrays it
 *   (BREACH)
 */
export const html = (
  description: string,
  { compressed = false }: { compressed?: boolean } = {},
): { description: string; contentType: 'text/html'; compressed: boolean } => ({
  description,
  contentType: 'text/html',
  compressed,
});
/** A redirect: the handler returns `redirectTo(…)`. */
export const redirect = (description: string): NoBody => ({ description });
/** A response without a body, such as 204: the handler returns nothing. */
export const nothing = (description: string): NoBody => ({ description });

/** Responses by status. */
export type Responses = Record<number, z.ZodType | ResponseSpec>;

/** The body type of a declared response: JSON before its schema is applied, bytes, or nothing. */
type BodyFor<S> = S extends z.ZodType
  ? Readable<z.input<S>>
  : S extends { schema: infer T extends z.ZodType }
    ? Readable<z.input<T>>
    : S extends NoBody
      ? undefined
      : S extends { contentType: string; schema?: undefined }
        ? string | Uint8Array | AsyncIterable<Uint8Array>
        : unknown;

/** The answer is only read, so it may be read-only. */
type Readable<T> = T extends readonly (infer E)[]
  ? readonly Readable<E>[]
  : T extends Date | Uint8Array
    ? T
    : T extends object
      ? { [K in keyof T]: Readable<T[K]> }
      : T;

/** What a handler may return: the body of a declared 2xx response, a {@link Reply} with a declared status and its body, or a {@link Problem}. */
export type Answered<R extends Responses> =
  | {
      [Status in keyof R]:
        | Reply<Status & number, BodyFor<R[Status]>>
        | (`${Status & number}` extends `2${string}` ? BodyFor<R[Status]> | (R[Status] extends NoBody ? void : never) : never);
    }[keyof R]
  | Problem;

/**
 * Keeps literals in a handler's answer: `{ state: 'open' }` should have the type `{ state: 'open' }`, which fits a schema of `z.enum`, and
 * not `{ state: string }`. TypeScript keeps a literal where a literal type is expected, but it checks a handler before it has inferred `R`,
 * when the answer's type is unknown. For that phase this type says that literals are expected; as soon as `R` is known it is `never`.
 */
export type LiteralsIn<R extends Responses> = Responses extends R ? Literals : never;
type Literals = '' | 0 | false | { [member: string]: Literals } | Literals[];
