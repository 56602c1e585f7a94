import { Store } from '../base/store.js';

export type Theme = 'auto' | 'light' | 'dark';

const KEPT = 'ilearn.theme';

function kept(): Theme {
  const value = localStorage.getItem(KEPT);
  return value === 'light' || value === 'dark' ? value : 'auto';
}

export const theme = new Store<Theme>(kept());

/** `auto` follows the device. The choice is stored on this device. */
export function chooseTheme(choice: Theme): void {
  if (choice === 'auto') {
    localStorage.removeItem(KEPT);
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem(KEPT, choice);
    document.documentElement.dataset.theme = choice;
  }
  theme.set(choice);
}
