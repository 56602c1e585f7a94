import { css } from 'lit';

/** Styles of all plots. Colours differ in lightness too, and nothing is told by colour alone. */
export const plotStyles = css`
  figure {
    margin: 0;
  }
  figcaption {
    padding-block-end: var(--il-space-2);
  }
  svg.plot {
    display: block;
    width: 100%;
    height: auto;
    overflow: visible;
  }
  svg.plot text {
    fill: var(--il-ink-soft);
    font-size: 11px;
  }
  svg.plot .name {
    fill: var(--il-ink);
    font-size: 12px;
  }
  .axis {
    stroke: var(--il-edge);
    stroke-width: 1;
  }
  .grid {
    stroke: var(--il-rule);
    stroke-width: 1;
    stroke-dasharray: 3 3;
  }
  .holiday {
    fill: var(--il-rule);
    opacity: 0.55;
  }
  .now {
    fill: none;
    stroke: var(--il-info);
    stroke-width: 2.5;
    stroke-linejoin: round;
  }
  .before {
    fill: none;
    stroke: var(--il-ink-soft);
    stroke-width: 1.5;
    stroke-dasharray: 5 4;
  }
  .dot {
    fill: var(--il-info);
  }
  .dot.before-dot {
    fill: var(--il-ink-soft);
  }
  .heat,
  .bar {
    fill: var(--il-info);
  }
  .hatched {
    fill: url('#hatch');
    stroke: var(--il-ink-soft);
    stroke-width: 0.5;
  }
  .hatch-line {
    stroke: var(--il-ink-soft);
    stroke-width: 1.5;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: var(--il-space-1) var(--il-space-4);
    margin: var(--il-space-2) 0 0;
    padding: 0;
    list-style: none;
    color: var(--il-ink-soft);
    font-size: var(--il-text-s);
  }
  .legend svg {
    width: 28px;
    height: 12px;
    margin-inline-end: var(--il-space-2);
    vertical-align: middle;
  }
  td.not-shown {
    background: repeating-linear-gradient(135deg, transparent 0 4px, var(--il-rule) 4px 6px);
  }
  @media (forced-colors: active) {
    td.not-shown {
      font-style: italic;
    }
  }
`;
