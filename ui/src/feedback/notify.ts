import { Store } from '../base/store.js';

/** A short message at the edge of the screen. */
export interface Notice {
  text: string;
  kind?: 'success' | 'error' | 'info';
  /** An action such as undo; the message then stays until it is closed, or for `milliseconds`. */
  action?: { label: string; run: () => void };
  /** How long a message with an action is shown. */
  milliseconds?: number;
}

export interface ShownNotice extends Notice {
  id: number;
}

export const notices = new Store<readonly ShownNotice[]>([]);

let last = 0;

/** Adds the live region. It must exist before the first message, or that message is not announced. */
export function mountToasts(): void {
  if (!document.querySelector('il-toasts')) document.body.append(document.createElement('il-toasts'));
}

/** Shows a short message at the edge of the screen and announces it. Errors stay until they are closed. Returns its id for {@link dismiss}. */
export function notify(notice: Notice): number {
  mountToasts();
  last += 1;
  notices.set([...notices.value.slice(-3), { ...notice, id: last }]);
  return last;
}

export const dismiss = (id: number): void => notices.set(notices.value.filter((notice) => notice.id !== id));
