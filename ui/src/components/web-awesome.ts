/** The Web Awesome elements that pages may use, with our icons and styles. Only this module imports them. */
import '@awesome.me/webawesome/dist/components/badge/badge.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import '@awesome.me/webawesome/dist/components/checkbox/checkbox.js';
import '@awesome.me/webawesome/dist/components/details/details.js';
import '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import '@awesome.me/webawesome/dist/components/divider/divider.js';
import '@awesome.me/webawesome/dist/components/drawer/drawer.js';
import '@awesome.me/webawesome/dist/components/dropdown-item/dropdown-item.js';
import '@awesome.me/webawesome/dist/components/dropdown/dropdown.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/progress-bar/progress-bar.js';
import '@awesome.me/webawesome/dist/components/radio-group/radio-group.js';
import '@awesome.me/webawesome/dist/components/radio/radio.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import '@awesome.me/webawesome/dist/components/spinner/spinner.js';
import '@awesome.me/webawesome/dist/components/switch/switch.js';
import '@awesome.me/webawesome/dist/components/tab-group/tab-group.js';
import '@awesome.me/webawesome/dist/components/tab-panel/tab-panel.js';
import '@awesome.me/webawesome/dist/components/tab/tab.js';
import '@awesome.me/webawesome/dist/components/tag/tag.js';
import '@awesome.me/webawesome/dist/components/textarea/textarea.js';
import '@awesome.me/webawesome/dist/components/tooltip/tooltip.js';
import '@awesome.me/webawesome/dist/translations/en.js';
import '@awesome.me/webawesome/dist/translations/fr.js';
import '@awesome.me/webawesome/dist/translations/nl.js';
import { registerIconLibrary } from '@awesome.me/webawesome/dist/components/icon/library.js';
import { drawNodes, iconNodes } from '../icons/registry.js';
import { applyLook } from './web-awesome-look.js';

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
applyLook();
