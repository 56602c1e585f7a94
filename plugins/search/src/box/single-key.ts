import { ownStorage } from '@ilearn/ui';

const name = 'shortcuts-by-key';

/**
 * Whether `?` alone opens the overview. Whoever speaks to their device, or presses keys by accident, can switch that off (WCAG 2.2, 2.1.4);
 * the overview is in the search dialog too.
 */
export const opensByKey = (): boolean => ownStorage.read(name) !== 'off';

export const setOpensByKey = (on: boolean): void => ownStorage.write(name, on ? null : 'off');
