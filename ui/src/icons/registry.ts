import { ICON_ALIASES } from './names.js';

/** Parts of an icon on a 24 × 24 grid: element name and attributes, as Lucide publishes them. */
export type IconNodes = readonly (readonly [string, Readonly<Record<string, string>>])[];

const icons = new Map<string, IconNodes>();

/** Adds icons (24 × 24, stroked in the text's colour). Plugins prefix the names of their icons: `myway-signal`. */
export function registerIcons(more: Readonly<Record<string, IconNodes>>): void {
  for (const [name, nodes] of Object.entries(more)) icons.set(name, nodes);
}

export const iconNodes = (name: string): IconNodes | undefined => icons.get(name) ?? icons.get(ICON_ALIASES[name] ?? '');

const SVG = 'http://www.w3.org/2000/svg';

/** SVG elements for an icon's parts. */
export function drawNodes(nodes: IconNodes): SVGElement[] {
  return nodes.map(([tag, attributes]) => {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  });
}

/** SVG elements of an icon on a 24 × 24 grid, for pages that draw one icon many times; none for an unknown name or one of `MORE_ICONS`. `il-icon`
 * suits all others. */
export const drawIcon = (name: string): SVGElement[] => drawNodes(iconNodes(name) ?? []);
