import { Problem } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { OpenDefinition } from './definition.js';

/** A figure as the cube published it. Without a value where it is not shown. */
export interface OpenFigure {
  measure: string;
  startsOn: string;
  place: string;
  item: string;
  itemName: string;
  mark: 'shown' | 'small' | 'hidden' | 'withheld';
  value: number | null;
}

/** More figures than this are no release. */
const most = 20_000;

/** Reads what the cube published, and nothing else: its suppression is the only way to a number here too. */
export class OpenFigures {
  readonly #knex: Dependencies['knex'];

  constructor({ knex }: Dependencies) {
    this.#knex = knex;
  }

  /** @throws Problem 422 (`data-space/too-large`) if there are more than 20,000 */
  async of({ measures, by, grain, detail, from, to }: OpenDefinition): Promise<OpenFigure[]> {
    const found = this.#knex('cube.published_figures as f')
      .join('cube.published_periods as p', (join) => join.on('p.grain', 'f.grain').andOn('p.starts_on', 'f.starts_on'))
      .leftJoin('cube.item_names as n', 'n.item', 'f.item')
      .where({ 'f.grain': grain, 'f.place_kind': by })
      .whereIn('f.measure', measures)
      .where('f.starts_on', '>=', from)
      .where('p.ends_on', '<=', to)
      .orderBy(['f.starts_on', 'f.measure', 'f.place', 'f.item'])
      .limit(most + 1)
      .select({ startsOn: 'f.starts_on', itemName: 'n.name' }, 'f.measure', 'f.place', 'f.item', 'f.mark', 'f.value');
    if (detail === 'whole') found.where('f.item', '');
    const rows: OpenFigure[] = await found;
    if (rows.length <= most) return rows.map((row) => ({ ...row, itemName: row.itemName ?? '' }));
    throw new Problem({
      type: 'data-space/too-large',
      status: 422,
      title: 'The release is too large',
      detail: `A release has at most ${most} figures. Choose fewer measures or a shorter period.`,
    });
  }
}
