import { translate } from '../base/i18n.js';
import { isTyping } from '../base/is-typing.js';
import { announce } from './announce.js';
import { dismiss, notices, notify } from './notify.js';

/** Milliseconds for which a removal can be undone; the time stops while the message is pointed at or has the focus. */
const UNDO_FOR = 10_000;

const isUndoKey = (event: KeyboardEvent): boolean =>
  (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'z';

/**
 * Says that something was removed and offers to put it back, by a button and by Ctrl+Z (outside text fields) for ten seconds. Use it
 * instead of a question beforehand, where putting back loses nothing.
 *
 * @param text what was removed: "“Tafels” is verwijderd."
 * @param undo puts it back and shows that; if it throws, the reader is told that it failed
 * @returns takes the offer away, for when the page that could put it back is left
 */
export function removed(text: string, undo: () => void | Promise<void>): () => void {
  const run = async (): Promise<void> => {
    stop();
    try {
      await undo();
      announce(translate('ui', 'undo.done'));
    } catch {
      notify({ kind: 'error', text: translate('ui', 'undo.failed') });
    }
  };
  const id = notify({ kind: 'success', text, milliseconds: UNDO_FOR, action: { label: translate('ui', 'undo.putBack'), run } });
  const key = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || !isUndoKey(event) || isTyping(event)) return;
    // Of several offers, the key takes the last.
    if (notices.value.findLast((notice) => notice.milliseconds !== undefined)?.id !== id) return;
    event.preventDefault();
    void run();
  };
  const stop = (): void => {
    removeEventListener('keydown', key);
    unwatch();
    dismiss(id);
  };
  addEventListener('keydown', key);
  const unwatch = notices.watch((shown) => {
    if (!shown.some((notice) => notice.id === id)) removeEventListener('keydown', key);
  });
  return stop;
}
