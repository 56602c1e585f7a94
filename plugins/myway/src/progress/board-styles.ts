import { css } from 'lit';
import { lookStyles } from './look-styles.js';

export const boardStyles = [
  lookStyles,
  css`
    :host {
      --il-page-width: none;
    }
    .page {
      gap: var(--il-space-4);
    }
    .where {
      display: flex;
      flex-wrap: wrap;
      gap: 0 var(--il-space-3);
      align-items: center;
    }
    .switch {
      display: inline-flex;
      align-items: center;
      font-weight: 600;
    }
    .switch a,
    .switch .end {
      display: grid;
      place-items: center;
      width: 40px;
      height: 44px;
      color: inherit;
      border-radius: var(--il-radius);
    }
    .switch a:hover {
      background: var(--il-hover);
    }
    .switch .end {
      color: var(--il-rule);
    }
    .line {
      display: flex;
      flex-wrap: wrap;
      gap: var(--il-space-1) var(--il-space-4);
      align-items: center;
      justify-content: space-between;
    }
    .sentence {
      display: flex;
      flex: 1 1 0;
      flex-wrap: wrap;
      min-width: min(100%, 16rem);
      padding: 0;
      list-style: none;
    }
    .sentence li {
      display: inline-flex;
      align-items: center;
    }
    .sentence li:not(:last-child)::after {
      padding-inline: var(--il-space-2);
      color: var(--il-ink-soft);
      content: '·';
    }
    .sentence a {
      display: inline-flex;
      gap: var(--il-space-1);
      align-items: center;
      min-height: 2.25rem;
      color: inherit;
      text-decoration-color: var(--il-edge);
    }
    .sentence a[aria-current] {
      font-weight: 700;
      text-decoration: underline 3px var(--line, currentcolor);
    }
    .sentence .vast {
      color: var(--il-bad);
      font-weight: 700;
    }
    .sentence .laag {
      color: var(--il-warn);
      font-weight: 600;
    }
    .apart {
      border-block-start: 1px solid var(--il-rule);
    }
    .tools {
      display: flex;
      gap: var(--il-space-1);
    }
    .legend {
      display: flex;
      flex-wrap: wrap;
      gap: var(--il-space-2) var(--il-space-5);
      padding: 0;
      font-size: var(--il-text-s);
      list-style: none;
    }
    .legend li {
      display: inline-flex;
      gap: var(--il-space-2);
      align-items: center;
    }
    .swatch {
      display: inline-grid;
      place-items: center;
      width: 1.75rem;
      height: 1.75rem;
      border-radius: 6px;
    }
    .beside {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: var(--il-space-4);
      align-items: start;
    }
    @media (min-width: 64rem) {
      .beside.open {
        grid-template-columns: minmax(0, 1fr) clamp(20rem, 28vw, 28rem);
      }
    }
  `,
];
