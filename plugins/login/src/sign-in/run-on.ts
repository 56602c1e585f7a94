/** Names in portal.css: the line and the station of the placeholder with which the next page begins. */
const names = { line: 'il-line', station: 'il-station' } as const;

/** How long copies stay if the browser does not leave the page after all, in milliseconds. */
const patience = 3_000;

/**
 * Lets the chosen line run on into the next page (View Transitions level 2). Browsers take only elements of the document itself along, not
 * those in shadow trees, so copies are laid over the line and its station. Does nothing where motion is unwanted or not supported.
 *
 * @param root the sign-in page, with the chosen line from the top to the station of the form
 */
export function runOn(root: ParentNode): void {
  const bar = root.querySelector('.trunk > .bar');
  const dot = root.querySelector('.next > .dot');
  if (bar === null || dot === null || !('onpagereveal' in window)) return;
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const [line, station] = [bar.getBoundingClientRect(), dot.getBoundingClientRect()];
  const { borderTopColor, borderTopWidth, backgroundColor } = getComputedStyle(dot);
  copy(new DOMRect(line.x, line.y, line.width, station.y - line.y), {
    background: borderTopColor,
    viewTransitionName: names.line,
  });
  copy(station, {
    background: backgroundColor,
    border: `${borderTopWidth} solid ${borderTopColor}`,
    borderRadius: '50%',
    viewTransitionName: names.station,
  });
}

/** By the CSSOM, because the content security policy forbids style attributes. */
function copy({ x, y, width, height }: DOMRect, look: Partial<CSSStyleDeclaration>): void {
  const element = document.createElement('i');
  element.ariaHidden = 'true';
  const place = {
    position: 'fixed',
    boxSizing: 'border-box',
    left: `${x}px`,
    top: `${y}px`,
    width: `${width}px`,
    height: `${height}px`,
  };
  Object.assign(element.style, place, look);
  document.body.append(element);
  setTimeout(() => element.remove(), patience);
}
