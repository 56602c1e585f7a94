import type { Dependencies } from '../dependencies.js';
import { groupBy } from '../group-by.js';
import type { Placement } from '../trail/result.js';
import type { TriesPage } from './model.js';

/** Number of attempts on a page. */
export const pageSize = 10;

export interface Try {
  id: string;
  stepId: string;
  scoreGiven: number;
  scoreMaximum: number;
  comment: string | null;
  scoredAt: Date;
}

interface Row {
  id: string;
  step_id: string;
  score_given: number;
  score_maximum: number;
  comment: string | null;
  scored_at: Date;
}

const columns = ['id', 'step_id', 'score_given', 'score_maximum', 'comment', 'scored_at'] as const;

/** Reads graded attempts, newest first, one more than fits on a page. {@link Results} writes them. */
export class Tries {
  private readonly knex;

  constructor({ knex }: Dependencies) {
    this.knex = knex;
  }

  /** The first page of each step's attempts, by step. */
  async newest(assignmentId: string, pupilId: string, stepIds: readonly string[]): Promise<Map<string, Try[]>> {
    const newest = this.ordered().where({ assignment_id: assignmentId, pupil_id: pupilId }).whereRaw('step_id = wanted.id');
    const { rows } = await this.knex.raw<{ rows: Row[] }>(
      'select t.* from unnest(?::uuid[]) as wanted(id) cross join lateral (?) as t order by t.scored_at desc, t.id desc',
      [[...stepIds], newest],
    );
    return groupBy(rows.map(tryOf), (each) => each.stepId);
  }

  /** @param before id of the last attempt on the previous page; null for the first page */
  async page({ assignmentId, pupilId, stepId }: Omit<Placement, 'school'>, before: string | null): Promise<Try[]> {
    const at = { assignment_id: assignmentId, pupil_id: pupilId, step_id: stepId };
    const rows: Row[] = await this.ordered()
      .where(at)
      .modify((tries) => {
        if (before === null) return;
        tries.whereRaw('(scored_at, id) < (?)', [
          this.knex('attempts')
            .where({ ...at, id: before })
            .select('scored_at', 'id'),
        ]);
      });
    return rows.map(tryOf);
  }

  private ordered() {
    return this.knex('attempts')
      .select(...columns)
      .orderBy([
        { column: 'scored_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(pageSize + 1);
  }
}

const tryOf = (row: Row): Try => ({
  id: row.id,
  stepId: row.step_id,
  scoreGiven: row.score_given,
  scoreMaximum: row.score_maximum,
  comment: row.comment,
  scoredAt: row.scored_at,
});

/** @param tries newest first, with one more than fits on the page if there are older ones */
export function triesPage(tries: readonly Try[]): TriesPage {
  const shown = tries.slice(0, pageSize);
  return {
    attempts: shown.map(({ scoreGiven, scoreMaximum, scoredAt, comment }) => ({
      given: scoreGiven,
      maximum: scoreMaximum,
      at: scoredAt.toISOString(),
      comment,
    })),
    older: tries.length > pageSize ? (shown.at(-1)?.id ?? null) : null,
  };
}
