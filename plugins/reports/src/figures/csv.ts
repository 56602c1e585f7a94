import { CSV_START, csvLine } from '@ilearn/core/csv';
import type { FigureList, FigureQuery } from './shapes.js';

/** The columns of a download; the same for every table, so that programs can read them all. */
const head = ['measure', 'period', 'starts_on', 'place', 'item', 'item_name', 'mark', 'value'];

/** Figures as CSV. A number that is not shown has an empty value and says why under `mark`. */
export function figuresCsv({ grain }: Pick<FigureQuery, 'grain'>, { figures, names }: FigureList): string {
  const nameOf = new Map(names.map(({ item, name }) => [item, name]));
  const rows = [...figures]
    .reverse()
    .map(({ measure, startsOn, place, item, mark, value }) => [
      ...[measure, grain, startsOn, place, item, nameOf.get(item) ?? ''],
      ...[mark, value ?? ''],
    ]);
  return CSV_START + [head, ...rows].map(csvLine).join('');
}
