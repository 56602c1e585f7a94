/** Finding focusable elements across shadow roots and slots. `focus-keeper.ts` uses this to keep the focus on the page. */

/** The focused element, through all shadow roots. */
export function focused(): Element | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

/** The parent in the flat tree: the slot of a slotted element, the host of a shadow root. */
function parentOf(node: Node): Node | null {
  if (node instanceof Element && node.assignedSlot) return node.assignedSlot;
  return node instanceof ShadowRoot ? node.host : node.parentNode;
}

/** The element and everything around it in the flat tree, innermost first. */
export function lineage(element: Element): Element[] {
  const found: Element[] = [];
  for (let node: Node | null = element; node; node = parentOf(node)) if (node instanceof Element) found.push(node);
  return found;
}

/** Elements of the flat tree below `root`, in the order in which they are rendered. */
export function* rendered(root: Element | ShadowRoot): Generator<Element> {
  const inner = root instanceof Element ? (root.shadowRoot ?? root) : root;
  const children =
    inner instanceof HTMLSlotElement && inner.assignedElements().length > 0 ? inner.assignedElements() : inner.children;
  for (const child of children) {
    yield child;
    yield* rendered(child);
  }
}

const FIELD = 'input:not([type="hidden"]), select, textarea, [role="combobox"], [contenteditable="true"]';

/** Whether the element is on the screen and not disabled, so that it may take the focus. */
export const isUsable = (element: Element): boolean =>
  element.isConnected && element.checkVisibility({ visibilityProperty: true }) && !element.matches(':disabled');

/** The first form field that can be filled in. A group of radio buttons is entered at the chosen one. */
export function firstField(root: Element): HTMLElement | undefined {
  for (const element of rendered(root)) {
    if (!isUsable(element)) continue;
    // Web Awesome's radio button is itself the field, one of which has a place in the tab order.
    if (element.matches(FIELD) || (element.localName === 'wa-radio' && (element as HTMLElement).tabIndex === 0))
      return element as HTMLElement;
  }
  return undefined;
}

/** The first button that can be pressed. */
export function firstButton(root: Element): HTMLElement | undefined {
  for (const element of rendered(root)) if (element.localName === 'button' && isUsable(element)) return element as HTMLElement;
  return undefined;
}

/** Focuses the element. Returns false if it cannot take the focus: it is removed, hidden, disabled, or behind a modal dialog. */
export function tryFocus(element: Element, options?: FocusOptions): boolean {
  if (!isUsable(element)) return false;
  (element as HTMLElement).focus(options);
  const now = focused();
  return now !== null && lineage(now).includes(element);
}
