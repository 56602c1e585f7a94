/**
 * Runs in the page, as text: helpers that see through shadow roots and slots. Everything a sweep asks of a page is under `window.sweep`.
 */
export const inPage = `window.sweep ??= (() => {
  const deep = (root) => [...root.querySelectorAll('*')].flatMap((each) => [each, ...(each.shadowRoot ? deep(each.shadowRoot) : [])]);
  const parentOf = (node) => (node instanceof Element && node.assignedSlot) || (node instanceof ShadowRoot ? node.host : node.parentNode);
  const lineage = (node) => {
    const found = [];
    for (let each = node; each; each = parentOf(each)) if (each instanceof Element) found.push(each);
    return found;
  };
  const focused = () => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element;
  };
  const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const describe = (element) => element === null || element === undefined ? 'nothing'
    : '<' + element.localName + '> ' + (element.getAttribute('aria-label') ?? element.textContent ?? '').replace(/\\s+/g, ' ').trim().slice(0, 60);
  /** Same place in the same list row, table cell or card: pressing one of them shows what all do. */
  const kindOf = (element) => lineage(element).map((each) => {
    const repeats = /^(li|tr|td|th|article|section|wa-card)$/.test(each.localName) || each.matches('[role=row], [role=gridcell], .row');
    const index = repeats || each.parentElement === null ? '' : [...each.parentElement.children].indexOf(each);
    return each.localName + index;
  }).join('<');
  const buttons = () => {
    const page = deep(document).find(({ localName }) => localName === 'il-page');
    const kinds = new Map();
    for (const each of page?.shadowRoot ? deep(page.shadowRoot) : []) {
      if (!each.matches('button, wa-button, wa-dropdown-item, [role=button], [role=gridcell][tabindex="0"]') || !shown(each)) continue;
      if (each.getRootNode() instanceof ShadowRoot && /^wa-/.test(each.getRootNode().host.localName)) continue;
      if (each.disabled || each.matches('[aria-disabled=true], [href]') || each.closest('dialog')) continue;
      const kind = kindOf(each);
      if (!kinds.has(kind)) kinds.set(kind, each);
    }
    return kinds;
  };
  const modals = () => deep(document).filter((each) => each.matches('dialog:modal'));
  return { deep, lineage, focused, shown, describe, kindOf, buttons, modals };
})()`;
