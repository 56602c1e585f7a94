import { lineColourOf } from '@ilearn/ui';
import { css, html, svg, type TemplateResult } from 'lit';
import type { ActivitySummary } from '../../exports.js';

const shapes = {
  lti: svg`<circle cx="14" cy="14" r="10" />`,
  text: svg`<rect x="5" y="5" width="18" height="18" rx="3.2" />`,
  link: svg`<rect x="5.4" y="5.4" width="17.2" height="17.2" rx="2.2" transform="rotate(45 14 14)" />`,
};

/**
 * The activity's station in a path: shape by kind, colour by its learning area. Hidden from screen readers, because text beside it says
 * the same.
 */
export function kindMark({ kind, area }: Pick<ActivitySummary, 'kind' | 'area'>): TemplateResult {
  const line = `--_line: var(--il-line-${lineColourOf(area)})`;
  return html`<svg class="kind-mark" viewBox="0 0 28 28" width="28" height="28" .style=${line} aria-hidden="true">
    ${shapes[kind]}
  </svg>`;
}

export const kindMarkStyles = css`
  .kind-mark {
    flex: none;
    fill: var(--il-paper);
    stroke: var(--_line);
    stroke-width: 4;
    overflow: visible;
  }
`;
