import type { FigureList, FigureQuery } from './shapes.js';

/** The columns of a download; the same for every table, so that programs can read them all. */
export const columns = ['measure', 'period', 'starts_on', 'place', 'item', 'item_name', 'mark', 'value'] as const;

/** A row of a download. A number that is not shown is null, and `mark` says why. */
export type FigureRow = [
  measure: string,
  period: string,
  startsOn: string,
  place: string,
  item: string,
  itemName: string,
  mark: string,
  value: number | null,
];

/** The rows of a download, the earliest first: the same in every format. */
export function rowsOf({ grain }: Pick<FigureQuery, 'grain'>, { figures, names }: FigureList): FigureRow[] {
  const nameOf = new Map(names.map(({ item, name }) => [item, name]));
  return [...figures]
    .reverse()
    .map(({ measure, startsOn, place, item, mark, value }) => [
      ...([measure, grain, startsOn, place, item, nameOf.get(item) ?? ''] as const),
      ...([mark, value] as const),
    ]);
}
