import type { Knex } from 'knex';
import { z } from 'zod';
import type { Dependencies } from '../dependencies.js';
import { paging } from './line-item.js';
import { type LineItemService, type Page, pageOf } from './line-items.js';
import { finalGrading } from './score.js';

export const resultContainerType = 'application/vnd.ims.lis.v2.resultcontainer+json';

export const resultQuery = z.object({
  user_id: z
    .string()
    .max(255)
    .regex(/^[^\0]*$/)
    .optional(),
  ...paging,
});
export type ResultQuery = z.output<typeof resultQuery>;

export const resultView = z.object({
  id: z.url(),
  scoreOf: z.url(),
  userId: z.string(),
  resultScore: z.number().optional(),
  resultMaximum: z.number().optional(),
  comment: z.string().optional(),
});
export type ResultView = z.output<typeof resultView>;

interface ResultRow {
  number: string;
  sub: string;
  score_given: number | null;
  score_maximum: number | null;
  grading_progress: string;
  comment: string | null;
}

/** The current result of each user of a line item (AGS 2.0 §3.3). */
export class ResultService {
  readonly #knex: Knex;
  readonly #lineItems: LineItemService;

  constructor({ knex, lineItems }: Dependencies & { lineItems: LineItemService }) {
    this.#knex = knex;
    this.#lineItems = lineItems;
  }

  /** A result has a `resultScore` only if its score is final: not while grading is pending or after the score was withdrawn. */
  async list(toolId: string, contextId: string, lineItemId: string, query: ResultQuery): Promise<Page<ResultView>> {
    await this.#lineItems.row(contextId, lineItemId);
    const address = this.#lineItems.addressOf(contextId, lineItemId);
    const rows: ResultRow[] = await this.#knex('results as result')
      .join('subjects as subject', (join) =>
        join.on('subject.person_id', 'result.person_id').andOnVal('subject.registration_id', toolId),
      )
      .where('result.line_item_id', lineItemId)
      .where('result.number', '>', query.after)
      .modify((results) => {
        if (query.user_id !== undefined) results.where('subject.sub', query.user_id);
      })
      .orderBy('result.number')
      .limit(query.limit + 1)
      .select(
        'result.number',
        'subject.sub',
        'result.score_given',
        'result.score_maximum',
        'result.grading_progress',
        'result.comment',
      );
    return pageOf(rows, query.limit, (row) => ({
      id: `${address}/results?user_id=${encodeURIComponent(row.sub)}`,
      scoreOf: address,
      userId: row.sub,
      ...(row.grading_progress !== finalGrading || row.score_given === null ? {} : { resultScore: row.score_given }),
      ...(row.score_maximum === null ? {} : { resultMaximum: row.score_maximum }),
      ...(row.comment === null ? {} : { comment: row.comment }),
    }));
  }
}
