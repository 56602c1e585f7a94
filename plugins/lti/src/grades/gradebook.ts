import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import type { GradebookExport, ToolColumn } from '../exports.js';
import { finalGrading } from './score.js';

/** Columns read at once: one more than the 20 that are shown, to detect that there are more. */
const mostColumns = 21;
/** Cells read at once: 21 columns for 2,000 pupils, which is larger than any class. */
const mostCells = 42_000;

interface CellRow {
  line_item_id: string;
  person_id: string;
  score_given: number | null;
  score_maximum: number | null;
  grading_progress: string;
}

/** `lti.gradebook`: the gradebook for other plugins. Tools use the AGS routes. */
export class Gradebook implements GradebookExport {
  readonly #knex: Knex;

  constructor({ knex }: Dependencies) {
    this.#knex = knex;
  }

  async withdraw({ school, resourceLinkId, personId }: Parameters<GradebookExport['withdraw']>[0]): Promise<void> {
    // Lock the line items first, because ScoreService locks them too: a concurrent score is either visible here or waits until this
    // commits.
    const lineItemIds: string[] = (
      await this.#knex('line_items')
        .where({ school_id: school, resource_link_id: resourceLinkId })
        .orderBy('id')
        .forUpdate()
        .select('id')
    ).map(({ id }) => id);
    if (lineItemIds.length === 0) return;
    // Keep scored_at, so that earlier scores cannot be sent again.
    await this.#knex('results').whereIn('line_item_id', lineItemIds).where({ person_id: personId }).update({
      score_given: null,
      score_maximum: null,
      activity_progress: 'Initialized',
      grading_progress: 'NotReady',
      comment: null,
      started_at: null,
      submitted_at: null,
      updated_at: this.#knex.fn.now(),
    });
  }

  async columnsOf(school: string, contextId: string): Promise<ToolColumn[]> {
    const items = await this.#knex('line_items')
      .where({ school_id: school, context_id: contextId, of_placement: false })
      .orderBy('number', 'desc')
      .limit(mostColumns)
      .select('id', 'label', 'resource_link_id', 'score_maximum');
    if (items.length === 0) return [];
    const cells: CellRow[] = await this.#knex('results')
      .whereIn(
        'line_item_id',
        items.map(({ id }) => id),
      )
      .orderBy('number')
      .limit(mostCells)
      .select('line_item_id', 'person_id', 'score_given', 'score_maximum', 'grading_progress');
    return items.reverse().map((item) => ({
      id: item.id,
      label: item.label,
      resourceLinkId: item.resource_link_id,
      scoreMaximum: item.score_maximum,
      cells: cells.filter(({ line_item_id }) => line_item_id === item.id).map(cellOf),
    }));
  }
}

function cellOf({ person_id, score_given, score_maximum, grading_progress }: CellRow): ToolColumn['cells'][number] {
  const final = grading_progress === finalGrading && score_given !== null && score_maximum !== null;
  return {
    personId: person_id,
    score: final ? { given: score_given, maximum: score_maximum } : null,
    pending: grading_progress === 'Pending' || grading_progress === 'PendingManual',
  };
}
