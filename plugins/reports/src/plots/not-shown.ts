import type { PortalElement } from '@ilearn/ui';
import { svg } from 'lit';
import type { Figure } from '../figures/shapes.js';

export type Shown = Pick<Figure, 'mark' | 'value'>;

/** A number as it may be told: `45`, `<10`, or words for a number that protects another one. */
export const figureText = (element: PortalElement, { mark, value }: Shown, format: (value: number) => string): string =>
  mark === 'shown' ? format(value as number) : element.t(`marks.${mark}`);

/** The pattern for numbers that are not shown. Each SVG has its own, because patterns are found by id within a shadow root only. */
export const hatch = svg`<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
  <line class="hatch-line" x1="0" y1="0" x2="0" y2="6"></line>
</pattern></defs>`;
