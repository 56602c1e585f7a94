import { formatNumber, type LineColour, lineColourOf, type PortalElement } from '@ilearn/ui';

/** The learning area of a path. */
type Area = { key: string } | null;

/** The colour of a path's line: that of its learning area. */
export const colourOf = (area: Area): LineColour => lineColourOf(area?.key);

/** The colour of a station: that of the activity's learning area, as in the library; without one, that of the line (undefined). */
export const stationColour = (area: string | null): LineColour | undefined => (area === null ? undefined : lineColourOf(area));

/** Sets `--line`, the line's colour, by the CSSOM, because the content security policy forbids style attributes. */
export const paint = (element: HTMLElement, area: Area): void =>
  element.style.setProperty('--line', `var(--il-line-${colourOf(area)})`);

export const scoreText = (element: PortalElement, score: { given: number; maximum: number }): string =>
  element.t('score', { given: points(score.given), maximum: points(score.maximum) });

/** Scientific notation for numbers larger than exercises use, so that they fit. */
const points = (value: number): string =>
  formatNumber(value, { maximumFractionDigits: 1, notation: value < 1_000_000_000 ? 'standard' : 'scientific' });
