/** Fetches modules side by side, also those that are evaluated after others; each once. */
export function preloadModules(addresses: readonly string[]): void {
  for (const href of addresses) {
    if (document.head.querySelector(`link[href="${href}"]`)) continue;
    document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href }));
  }
}
