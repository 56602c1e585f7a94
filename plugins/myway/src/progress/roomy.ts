/** Key in `localStorage` of the size of the board's cells chosen on this device. */
const key = 'myway.roomy-board';

/** Whether the board's cells are wide. */
export function isRoomy(): boolean {
  try {
    return localStorage.getItem(key) === 'yes';
  } catch {
    return false;
  }
}

export function setRoomy(roomy: boolean): void {
  try {
    if (roomy) localStorage.setItem(key, 'yes');
    else localStorage.removeItem(key);
  } catch {
    // The browser keeps nothing: the choice holds until the page is left.
  }
}
