/** What every Web Awesome element needs: texts, and our icons instead of those of another host. Only this folder imports Web Awesome. */
import '@awesome.me/webawesome/dist/components/icon/icon.js';
import '@awesome.me/webawesome/dist/translations/en.js';
import '@awesome.me/webawesome/dist/translations/fr.js';
import '@awesome.me/webawesome/dist/translations/nl.js';
import { registerIconLibrary } from '@awesome.me/webawesome/dist/components/icon/library.js';
import { drawNodes, iconNodes } from '../icons/registry.js';
import { applyLook } from './look.js';

/** Our names for the icons that Web Awesome uses inside its elements. */
const NAMES: Record<string, string> = {
  'circle-xmark': 'circle-x',
  'eye-slash': 'eye-off',
  xmark: 'x',
};

/** Renders our icon into the SVG of a `<wa-icon>`, which would otherwise fetch one from another host. */
function draw(target: SVGElement, host?: Element): void {
  const name = host?.getAttribute('name') ?? '';
  const nodes = iconNodes(NAMES[name] ?? name);
  if (!nodes || target.dataset.icon === name) return;
  target.dataset.icon = name;
  target.setAttribute('viewBox', '0 0 24 24');
  target.replaceChildren(...drawNodes(nodes));
}

for (const library of ['default', 'system']) {
  registerIconLibrary(library, { resolver: (name) => `#${name}`, mutator: draw, spriteSheet: true });
}
applyLook('wa-icon');
