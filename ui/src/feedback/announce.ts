let region: HTMLElement | undefined;

/** Announces a text to screen readers, without moving the focus. */
export function announce(text: string): void {
  if (!region) {
    region = document.createElement('div');
    region.className = 'il-announcer';
    region.setAttribute('role', 'status');
    region.setAttribute('aria-live', 'polite');
    document.body.append(region);
  }
  // Screen readers announce a live region only if its text changes.
  region.textContent = region.textContent === text ? `${text}\u00a0` : text;
}
