import { formatNumber, type PortalElement } from '@ilearn/ui';
import type { BoardRow, Cell } from './model.js';

/** What a cell of the class board shows: the state, or that marking is pending, the score is low or the pupil is stuck. */
export type CellLook = 'done' | 'low' | 'pending' | 'stuck' | 'started' | 'next' | 'todo' | 'locked' | 'skipped' | 'away';

export const cellLooks: readonly CellLook[] = [
  ...(['done', 'low', 'pending', 'stuck', 'started', 'next', 'todo', 'locked', 'skipped', 'away'] as const),
];

/** Each has an icon, so that colour is not the only distinction. */
export const lookIcons: Record<CellLook, string> = {
  done: 'check',
  low: 'trending-down',
  pending: 'hourglass',
  stuck: 'triangle-alert',
  started: 'circle-dot',
  next: 'arrow-right',
  todo: 'minus',
  locked: 'lock',
  skipped: 'redo-2',
  away: 'split',
};

export function lookOf(cell: Cell): CellLook {
  if (cell.skipped && cell.state !== 'done') return 'skipped';
  if (cell.stuck !== null) return 'stuck';
  if (cell.marking === 'pending') return 'pending';
  if (cell.state === 'done' && cell.low) return 'low';
  if (cell.state !== 'todo') return cell.state;
  if (cell.away) return 'away';
  if (cell.next) return 'next';
  return cell.locked ? 'locked' : 'todo';
}

/** At most 100 %, to fit on the board. The pupil's panel shows higher scores in full. */
export const percentOf = (score: NonNullable<Cell['score']>): string =>
  formatNumber(Math.min(1, score.given / score.maximum), { style: 'percent', maximumFractionDigits: 0 });

/** The extra steps of a pupil, with their state, as in "Nog een oefening: klaar". */
export const extraWords = (element: PortalElement, extra: BoardRow['extra']): string =>
  extra.map((cell) => `${cell.title}: ${cellWords(element, cell)}`).join('; ');

/** Describes a cell in words, for screen readers and the spreadsheet. */
export function cellWords(element: PortalElement, cell: Cell): string {
  const parts = [element.t(`board.look.${lookOf(cell)}`)];
  if (cell.score !== null) parts.push(percentOf(cell.score));
  if (cell.ownScore) parts.push(element.t('board.ownScore'));
  if (cell.other) parts.push(element.t('board.other'));
  if (cell.marking === 'failed') parts.push(element.t('trail.marking.failed'));
  if (cell.tries > 1) parts.push(element.t('board.tries', { count: cell.tries }));
  return parts.join(', ');
}
