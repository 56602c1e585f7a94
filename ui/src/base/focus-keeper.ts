import { focused, isUsable, lineage, tryFocus } from './focus.js';
import { findHeading } from './heading.js';

/**
 * Keeps the focus on the page. A browser moves it to `<body>` when the focused element is removed, hidden or disabled, and people who use a
 * keyboard or a screen reader would start from the top again. WCAG 2.2, 2.4.3.
 */

/** What had the focus when the user last acted. */
let recent: Element | undefined;
/** Lost the focus because it was disabled, for instance while it saves; takes it again when enabled. */
let disabled: Element | undefined;
let byKeyboard = false;

/** Headings of the open modal dialogs, the upper one last. */
const dialogs: HTMLElement[] = [];

const onPage = (element: Element | null): element is Element =>
  element !== null && element !== document.body && element !== document.documentElement;

function note(): void {
  const now = focused();
  if (!onPage(now)) return;
  recent = now;
  disabled = undefined;
}

/** Moves the focus to the heading of the upper dialog, or else of the page. */
export async function focusHeading(): Promise<void> {
  const heading = dialogs.at(-1) ?? (await findHeading(document.body));
  if (!heading || onPage(focused())) return;
  heading.tabIndex = -1;
  // Somebody who uses a mouse is looking elsewhere on the page; scrolling would take that away.
  heading.focus({ preventScroll: !byKeyboard });
}

function check(): void {
  const now = focused();
  if (onPage(now)) {
    note();
    return;
  }
  if (disabled && isUsable(disabled) && tryFocus(disabled)) return;
  if (!recent || isUsable(recent)) return;
  if (recent.isConnected && recent.matches(':disabled')) {
    disabled = recent;
    return;
  }
  recent = undefined;
  void focusHeading();
}

let scheduled = false;

/** Called after an element has rendered: rendering is what removes or disables the focused element. */
export function rendering(): void {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    check();
  });
}

/** Starts keeping the focus; called once by the shell. */
export function keepFocus(): void {
  const acted = (event: Event): void => {
    if (event.type === 'pointerdown') {
      // A press on something that takes no focus means to leave the focused element.
      recent = undefined;
      disabled = undefined;
      byKeyboard = false;
      return;
    }
    if (event.type === 'keydown') byKeyboard = true;
    note();
  };
  for (const type of ['pointerdown', 'keydown', 'click', 'focusin']) addEventListener(type, acted, { capture: true });
}

/**
 * Remembers what has the focus, even deep in shadow roots, before something opens over the page (a dialog, a panel). The returned function
 * gives the focus back: to that element; to the button of its menu if it was in a menu that has closed; or, if it is gone, to the heading
 * of the page or of the dialog below.
 */
export function rememberFocus(): () => void {
  const now = focused();
  const opener = onPage(now) ? now : recent;
  const around = opener ? lineage(opener) : [];
  return () => {
    const menu = around.find(({ localName }) => localName === 'wa-dropdown')?.querySelector('[slot="trigger"]');
    for (const element of [opener, menu]) if (element && tryFocus(element)) return note();
    (document.activeElement as HTMLElement | null)?.blur();
    void focusHeading();
  };
}

/** Whether an `il-dialog` is open. */
export const modalIsOpen = (): boolean => dialogs.length > 0;

/** Registers an open modal dialog by its heading. The returned function is to be called when it closes. */
export function modalOpened(heading: HTMLElement): () => void {
  dialogs.push(heading);
  return () => {
    const index = dialogs.indexOf(heading);
    if (index >= 0) dialogs.splice(index, 1);
  };
}
