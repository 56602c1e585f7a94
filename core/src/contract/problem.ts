import { brand } from './brand.js';

/** One fault in the caller's input: where it is (JSON Pointer, RFC 6901) and what to mend. */
export interface FieldError {
  in: 'params' | 'query' | 'body';
  pointer: string;
  message: string;
}

export interface ProblemOptions {
  /** `<plugin>/<slug>`, or a bare slug of the kernel's; becomes the stable `type` `/problems/<…>`. */
  type: string;
  status: number;
  title: string;
  detail?: string;
  errors?: FieldError[];
  headers?: Record<string, string>;
  /** More members of the answer (RFC 9457 §3.2). */
  extra?: Record<string, unknown>;
}

/** An error meant for the caller. Thrown from a handler it rolls the unit of work back and becomes an RFC 9457 answer. */
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

export const notFound = (detail?: string): Problem =>
  new Problem({ type: 'not-found', status: 404, title: 'Not found', ...(detail === undefined ? {} : { detail }) });

export const forbidden = (detail?: string): Problem =>
  new Problem({ type: 'forbidden', status: 403, title: 'Forbidden', ...(detail === undefined ? {} : { detail }) });

export const conflict = (type: string, detail: string): Problem => new Problem({ type, status: 409, title: 'Conflict', detail });
