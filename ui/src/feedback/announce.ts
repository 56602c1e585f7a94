let region: HTMLElement | undefined;

/** Says something to people who use a screen reader, without moving their focus. */
export function announce(text: string): void {
  if (!region) {
    region = document.createElement('div');
    region.className = 'il-announcer';
    region.setAttribute('role', 'status');
    region.setAttribute('aria-live', 'polite');
    document.body.append(region);
  }
  // Two announcements of the same text must differ for a live region to speak the second.
  region.textContent = region.textContent === text ? `${text}\u00a0` : text;
}
