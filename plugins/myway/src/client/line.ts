import { formatNumber, type PortalElement } from '@ilearn/ui';

/** The learning area of a path. */
type Area = { line: number } | null;

/** The line colour of a path: that of its learning area, or the default. */
export const colourOf = (area: Area): string => String(area?.line ?? 8);

/** Sets `--line`, the line's colour, by the CSSOM, because the content security policy forbids style attributes. */
export const paint = (element: HTMLElement, area: Area): void =>
  element.style.setProperty('--line', `var(--il-line-${colourOf(area)})`);

export const scoreText = (element: PortalElement, score: { given: number; maximum: number }): string =>
  element.t('score', { given: points(score.given), maximum: points(score.maximum) });

/** Scientific notation for numbers larger than exercises use, so that they fit. */
const points = (value: number): string =>
  formatNumber(value, { maximumFractionDigits: 1, notation: value < 1_000_000_000 ? 'standard' : 'scientific' });
