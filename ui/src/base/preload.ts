/** Fetches modules side by side, also those that are evaluated after others; each once. `low`: behind everything that the page asks for. */
export function preloadModules(addresses: Iterable<string>, fetchPriority: 'auto' | 'low' = 'auto'): void {
  for (const href of addresses) {
    if (document.head.querySelector(`link[href="${href}"]`)) continue;
    document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href, fetchPriority }));
  }
}
