import { csvOfRows, type PortalElement } from '@ilearn/ui';
import { tableOf } from './csv.js';
import type { Board } from './model.js';
import { cellWords, extraWords } from './states.js';

/** Downloads the board as a spreadsheet. */
export function downloadCsv(element: PortalElement, board: Board): void {
  const table = tableOf(board, {
    familyName: element.t('board.familyName'),
    givenName: element.t('board.givenName'),
    done: element.t('board.total'),
    lastActive: element.t('board.lastActive'),
    cell: (cell) => cellWords(element, cell),
    progress: ({ done, total, extra }) =>
      [
        element.t('board.of', { done, total }),
        ...(extra.length === 0 ? [] : [`${element.t('board.extra', { count: extra.length })} (${extraWords(element, extra)})`]),
      ].join(', '),
  });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([csvOfRows(table)], { type: 'text/csv;charset=utf-8' }));
  link.download = `${board.assignment.path.title} ${board.assignment.class.name}.csv`.replace(/[\\/:*?"<>|]/g, '-');
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
