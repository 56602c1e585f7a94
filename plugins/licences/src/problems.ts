import { Problem } from '@ilearn/core';

/** A 422 for a value that is well formed but not acceptable. `pointer`: JSON Pointer to it in the body. */
export const unacceptable = (slug: string, pointer: string, message: string): Problem =>
  new Problem({
    type: `licences/${slug}`,
    status: 422,
    title: 'Not accepted',
    detail: message,
    errors: [{ in: 'body', pointer, message }],
  });

export const conflicting = (slug: string, detail: string, extra?: Record<string, unknown>): Problem =>
  new Problem({ type: `licences/${slug}`, status: 409, title: 'Conflict', detail, ...(extra === undefined ? {} : { extra }) });
