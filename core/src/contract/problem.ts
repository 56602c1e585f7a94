import { brand } from './brand.js';

/** One error in the caller's input: where it is, and what to change. */
export interface FieldError {
  in: 'params' | 'query' | 'body';
  /** JSON Pointer (RFC 6901) within that part; `''` means the whole part. */
  pointer: string;
  message: string;
}

/** The members of a problem answer (RFC 9457 section 3.1). */
export interface ProblemOptions {
  /**
   * `<plugin>/<slug>`; the kernel's own consist of a slug only. In the answer, `type` is `/problems/<plugin>/<slug>`. Stable, because
   * clients compare it.
   */
  type: string;
  /** HTTP status, 400 to 599. */
  status: number;
  /** A title for this kind of problem, the same each time. */
  title: string;
  /** What happened this time and what to do. Shown to the caller, so it must not contain names of people. */
  detail?: string;
  /** Which parts of the input are wrong. */
  errors?: FieldError[];
  /** Additional headers of the answer. */
  headers?: Record<string, string>;
  /** Extension members of the answer (RFC 9457 section 3.2). */
  extra?: Record<string, unknown>;
}

/**
 * An error for the caller, sent as `application/problem+json` (RFC 9457). Throwing it from a handler rolls the unit of work back; returning
 * it commits. It does not count as a failure of the plugin.
 */
export class Problem extends Error {
  readonly type: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string | undefined;
  readonly errors: FieldError[] | undefined;
  readonly headers: Record<string, string>;
  readonly extra: Record<string, unknown>;

  constructor(options: ProblemOptions) {
    super(options.detail ?? options.title);
    this.name = 'Problem';
    this.type = options.type;
    this.status = options.status;
    this.title = options.title;
    this.detail = options.detail;
    this.errors = options.errors;
    this.headers = options.headers ?? {};
    this.extra = options.extra ?? {};
  }
}

brand(Problem);

/** A {@link Problem} with status 404, also used for things that the caller may not see. */
export const notFound = (detail?: string): Problem =>
  new Problem({ type: 'not-found', status: 404, title: 'Not found', ...(detail === undefined ? {} : { detail }) });

/** A {@link Problem} with status 403. */
export const forbidden = (detail?: string): Problem =>
  new Problem({ type: 'forbidden', status: 403, title: 'Forbidden', ...(detail === undefined ? {} : { detail }) });

/** A {@link Problem} with status 409: the request contradicts what is stored. `type` as in {@link ProblemOptions}. */
export const conflict = (type: string, detail: string): Problem => new Problem({ type, status: 409, title: 'Conflict', detail });
