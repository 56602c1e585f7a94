import { css } from 'lit';
import { printStyles } from './print-styles.js';

/** Page layout and typography for every shadow root; tokens come from the document. */
export const sharedStyles = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host {
    display: block;
    color: var(--il-ink);
    font: var(--il-font);
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd,
  figure {
    margin: 0;
  }
  h1,
  h2,
  h3 {
    line-height: 1.2;
    overflow-wrap: break-word;
    hyphens: auto;
    text-wrap: balance;
  }
  h1 {
    font-size: var(--il-text-xl);
    font-weight: 720;
    letter-spacing: -0.015em;
  }
  h2 {
    font-size: var(--il-text-l);
    font-weight: 680;
  }
  h3 {
    font-size: var(--il-text-m);
    font-weight: 680;
  }
  h1:focus {
    outline: none;
  }
  fieldset {
    min-width: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
  legend {
    padding: 0 0 var(--il-space-2);
    font-weight: 680;
  }
  p {
    max-width: 68ch;
    text-wrap: pretty;
  }
  a:any-link {
    color: var(--il-link);
    text-decoration-thickness: 0.08em;
    text-underline-offset: 0.18em;
  }
  a:hover {
    text-decoration-thickness: 0.14em;
  }
  :focus-visible {
    outline: 3px solid var(--il-focus);
    outline-offset: 2px;
    border-radius: 4px;
  }
  .page {
    display: grid;
    gap: var(--il-space-6);
    align-content: start;
    width: 100%;
    /* Wide enough to use a screen of 1920 px beside the navigation; on wider ones the page is centred. */
    max-width: var(--il-page-width, 84rem);
    min-width: 0;
    margin-inline: auto;
  }
  .page > * {
    min-width: 0;
  }
  .page.narrow {
    max-width: 44rem;
  }
  .toolbar {
    display: flex;
    flex-wrap: wrap;
    gap: var(--il-space-3);
    align-items: end;
  }
  .stack {
    display: grid;
    gap: var(--il-space-4);
    align-content: start;
  }
  .list {
    padding: 0;
    border-top: 1px solid var(--il-rule);
    list-style: none;
  }
  .row {
    display: flex;
    gap: var(--il-space-4);
    align-items: center;
    min-height: var(--il-target);
    padding: var(--il-space-3) var(--il-space-2);
    border-bottom: 1px solid var(--il-rule);
  }
  .row > .grow,
  .grow {
    flex: 1;
    min-width: 0;
  }
  a.row:any-link {
    color: inherit;
    text-decoration: none;
  }
  a.row:hover,
  .row:has(> a.cover:hover) {
    background: var(--il-hover);
  }
  .muted {
    color: var(--il-ink-soft);
  }
  .small {
    font-size: var(--il-text-s);
  }
  .strong {
    font-weight: 680;
  }
  .code,
  input[type='password'] {
    font-family: var(--il-font-family-code);
  }
  .number {
    font-variant-numeric: tabular-nums;
    text-align: end;
  }
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: var(--il-space-2);
    padding: 0;
    list-style: none;
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: var(--il-space-3);
    align-items: center;
  }
  .panel {
    padding: var(--il-space-5);
    background: var(--il-surface);
    border: 1px solid var(--il-rule);
    border-radius: var(--il-radius);
  }
  .scroll-x {
    overflow-x: auto;
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  caption {
    padding-bottom: var(--il-space-2);
    color: var(--il-ink-soft);
    text-align: start;
  }
  th,
  td {
    padding: var(--il-space-3) var(--il-space-3);
    border-bottom: 1px solid var(--il-rule);
    text-align: start;
    vertical-align: middle;
  }
  thead th {
    color: var(--il-ink-soft);
    font-size: var(--il-text-s);
    font-weight: 600;
    vertical-align: bottom;
    border-bottom: 2px solid var(--il-ink);
  }
  /* On a telephone each row is a block, with the names of the columns (data-label) before the values. */
  @media (max-width: 40rem) {
    .stacked thead {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    .stacked tbody tr {
      display: grid;
      gap: var(--il-space-1);
      padding-block: var(--il-space-3);
      border-bottom: 1px solid var(--il-rule);
    }
    .stacked tbody :is(td, th) {
      padding: 0;
      border: 0;
      overflow-wrap: anywhere;
      text-align: start;
    }
    .stacked tbody td[data-label]::before {
      content: attr(data-label) ': ';
      color: var(--il-ink-soft);
    }
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  /* Forced colours take away the fills that tell the current and the chosen from the others. */
  @media (forced-colors: active) {
    :is(a, button, [role='tab'], [role='option']):is(
        [aria-current]:not([aria-current='false']),
        [aria-pressed='true'],
        [aria-selected='true']
      ) {
      color: HighlightText;
      background-color: Highlight;
      border-color: Highlight;
      forced-color-adjust: none;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      transition-duration: 0s !important;
      animation-duration: 1ms !important;
      animation-iteration-count: 1 !important;
      scroll-behavior: auto !important;
    }
  }
  ${printStyles}
`;
