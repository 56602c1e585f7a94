import { type CursorPage, type Position, pageOf, pageQuery, type RouteRequest } from '@ilearn/core';
import { z } from 'zod';

/** Length of a list. */
export const pageSize = 100;

/** Query parameter of a list: where the page before ended. */
export const afterQuery = z.object({ after: pageQuery(pageSize, pageSize).after });

/** A page of a list of `pageSize + 1` rows, with the cursor of the next page also for the body: pages do not read headers. */
export function pageFrom<Row>(
  found: readonly Row[],
  position: (row: Row) => Position,
  request: Pick<RouteRequest, 'next'>,
): CursorPage<Row> & { next: string | null } {
  const page = pageOf(found, pageSize, position, request);
  const last = page.rows.at(-1);
  const next = page.more && last !== undefined ? request.next(position(last)).split('?')[1] : undefined;
  return { ...page, next: new URLSearchParams(next).get('after') };
}
