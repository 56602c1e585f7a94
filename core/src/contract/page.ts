import { z } from 'zod';
import type { Position } from './position.js';
import type { RouteRequest } from './route.js';

/** Query parameters of a list that is read in pages: `{ q: …, ...pageQuery(50, 100) }`. */
export const pageQuery = (size: number, most: number) => ({
  after: z.string().max(4_000).optional().describe('Cursor, from the link rel="next" of the page before'),
  limit: z.coerce.number().int().min(1).max(most).default(size),
});

/** A page of a list. */
export interface CursorPage<Row> {
  rows: Row[];
  /** Whether rows follow. */
  more: boolean;
  /** `Link` with `rel="next"` (RFC 8288) if rows follow; for `reply`. */
  headers: Record<string, string>;
}

/**
 * A page of a list whose rows are sorted by the values of `position`: read one more row than `limit`, after `request.after()`.
 *
 * ```ts
 * const after = request.after();
 * const found = knex('notes').orderBy(['title', 'id']).limit(query.limit + 1);
 * if (after !== null) found.whereRaw('(title, id) > (?, ?)', [...after]);
 * const { rows, more, headers } = pageOf(await found, query.limit, ({ title, id }) => [title, id], request);
 * return reply(200, { notes: rows, more }, headers);
 * ```
 */
export function pageOf<Row>(
  found: readonly Row[],
  limit: number,
  position: (row: Row) => Position,
  request: Pick<RouteRequest, 'next'>,
): CursorPage<Row> {
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  if (last === undefined || found.length <= limit) return { rows, more: false, headers: {} };
  return { rows, more: true, headers: { link: `<${request.next(position(last))}>; rel="next"` } };
}
