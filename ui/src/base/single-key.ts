import { modalIsOpen } from './focus-keeper.js';
import { isTyping } from './is-typing.js';
import { ownStorage } from './own-storage.js';

const name = 'shortcuts-by-key';

/**
 * Whether keys of a single character act on their own. Whoever speaks to their device, or presses keys by accident, can switch them off
 * (WCAG 2.2, 2.1.4).
 */
export const singleKeysAct = (): boolean => ownStorage.read(name) !== 'off';

/** Switches keys of a single character on or off, for this person on this device. */
export const setSingleKeysAct = (on: boolean): void => ownStorage.write(name, on ? null : 'off');

/**
 * Whether a key may act as a shortcut of a single character for the whole page: not while typing, with Control, Alt or Meta, while it is
 * held down, under a modal dialog, or when the person has switched such keys off.
 */
export const isSingleKey = (event: KeyboardEvent): boolean =>
  !(event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) &&
  !isTyping(event) &&
  !modalIsOpen() &&
  singleKeysAct();
