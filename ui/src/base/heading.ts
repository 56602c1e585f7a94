import { focused } from './focus.js';

/** How long to wait for a page's heading, in milliseconds. After that, the focus is not moved. */
const PATIENCE = 3000;

function headingIn(root: Element | ShadowRoot): HTMLElement | undefined {
  const inner = root instanceof Element ? root.shadowRoot : undefined;
  const found = inner ? headingIn(inner) : undefined;
  if (found) return found;
  for (const element of root.querySelectorAll('*')) {
    if (element.localName === 'h1') return element as HTMLElement;
    const deeper = element.shadowRoot ? headingIn(element.shadowRoot) : undefined;
    if (deeper) return deeper;
  }
  return undefined;
}

/** Waits for the page's `<h1>`, also inside shadow roots. `undefined` if it takes too long, or if the user moved the focus meanwhile. */
export async function findHeading(root: Element): Promise<HTMLElement | undefined> {
  const before = focused();
  const until = performance.now() + PATIENCE;
  while (performance.now() < until) {
    const heading = headingIn(root);
    if (heading) return heading;
    await new Promise((resolve) => setTimeout(resolve, 50));
    const now = focused();
    if (now !== before && now !== document.body) return undefined;
  }
  return undefined;
}
