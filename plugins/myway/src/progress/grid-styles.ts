import { css } from 'lit';
import { lookStyles } from './look-styles.js';

export const gridStyles = [
  lookStyles,
  css`
  :host {
    --name: 12rem;
    --progress: 5.5rem;
    --active: 5.25rem;
    --cell: 2.5rem;
    --head: 9.75rem;
    min-width: 0;
    container-type: inline-size;
  }
  :host([roomy]) {
    --cell: 6.5rem;
    --head: 8.5rem;
  }
  .signs {
    position: absolute;
    width: 0;
    height: 0;
  }
  .board {
    position: relative;
    max-width: 100%;
    /* Keeps the header visible while the pupils scroll. */
    max-height: max(24rem, calc(100dvh - var(--il-bar-height) - var(--il-space-5)));
    overflow: auto;
    border-top: 2px solid var(--il-ink);
  }
  /* Columns have the widths of the head: measuring a thousand cells takes longer than drawing them. */
  table {
    width: 1px;
    table-layout: fixed;
    border-collapse: separate;
    border-spacing: 0;
  }
  th,
  td {
    width: var(--cell);
    height: 2.5rem;
    padding: 0;
    border-bottom: 1px solid var(--il-rule);
  }
  .others > * {
    border-top: 2px solid var(--il-ink-soft);
  }
  thead th {
    position: sticky;
    top: 0;
    z-index: 1;
    height: var(--head);
    color: var(--il-ink-soft);
    line-height: 1.2;
    background: var(--il-paper);
    border-bottom: 2px solid var(--il-ink);
    vertical-align: bottom;
  }
  tfoot :is(th, td) {
    position: sticky;
    bottom: 0;
    z-index: 1;
    color: var(--il-ink-soft);
    font-size: var(--il-text-s);
    font-variant-numeric: tabular-nums;
    text-align: center;
    background: var(--il-paper);
    border-top: 2px solid var(--il-ink);
    border-bottom: 0;
  }
  tfoot .name {
    padding-inline: var(--il-space-3);
    color: var(--il-ink);
  }
  .name,
  .progress,
  .active {
    position: sticky;
    z-index: 1;
    background: var(--il-paper);
    text-align: start;
  }
  :is(thead, tfoot) :is(.name, .progress, .active) {
    z-index: 2;
    text-align: start;
  }
  thead :is(.name, .progress, .active) {
    padding: var(--il-space-2) var(--il-space-3);
  }
  .name {
    inset-inline-start: 0;
    width: var(--name);
  }
  .progress {
    inset-inline-start: var(--name);
    width: var(--progress);
    padding-inline: var(--il-space-2);
    font-size: var(--il-text-s);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .active {
    inset-inline-start: calc(var(--name) + var(--progress));
    width: var(--active);
    padding-inline: var(--il-space-2);
    color: var(--il-ink-soft);
    font-size: var(--il-text-s);
    border-inline-end: 1px solid var(--il-edge);
  }
  tr.chosen > :is(.name, .progress, .active) {
    background: var(--il-hover);
  }
  tr.chosen > .name {
    box-shadow: inset 6px 0 0 var(--line, var(--il-ink));
  }
  .extra {
    padding-inline: 0.25em;
    font-weight: 680;
    border: 1px solid currentcolor;
    border-radius: var(--il-radius);
  }
  .bar {
    display: block;
    height: 4px;
    margin-block-end: 2px;
    overflow: hidden;
    background: var(--il-rule);
    border-radius: 2px;
  }
  .bar svg {
    display: block;
    width: 100%;
    height: 100%;
    fill: var(--line, var(--il-ink));
  }
  .corner {
    position: sticky;
  }
  .told {
    position: absolute;
    inset: var(--il-space-1) auto auto var(--il-space-2);
    display: grid;
    width: calc(var(--name) + var(--progress) + var(--active) - var(--il-space-4));
    max-height: calc(100% - 2.75rem);
    overflow: hidden;
    color: var(--il-ink);
    font-weight: 400;
    font-size: var(--il-text-s);
    pointer-events: none;
  }
  .station {
    position: relative;
    display: grid;
    grid-template-rows: 1fr auto;
    gap: var(--il-space-2);
    justify-items: center;
    width: var(--cell);
    height: var(--head);
    padding-block: var(--il-space-2) var(--il-space-1);
  }
  .title {
    align-self: end;
    max-height: 6.75rem;
    overflow: hidden;
    color: var(--il-ink);
    font-weight: 500;
    font-size: var(--il-text-s);
    line-height: 1.15;
    text-align: start;
    hyphens: auto;
  }
  :host(:not([roomy])) .title {
    max-width: 2.35em;
    writing-mode: sideways-lr;
  }
  @supports not (writing-mode: sideways-lr) {
    :host(:not([roomy])) .title {
      writing-mode: vertical-rl;
      transform: rotate(180deg);
    }
  }
  :host([roomy]) .title {
    display: -webkit-box;
    font-weight: 600;
    text-align: center;
    overflow-wrap: anywhere;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 4;
  }
  .stop {
    position: relative;
    display: grid;
    place-items: center;
    width: 100%;
    height: 2rem;
  }
  .stop::before {
    position: absolute;
    inset-inline: 0;
    height: 6px;
    background: var(--line);
    content: '';
  }
  th.first .stop::before {
    inset-inline-start: 50%;
  }
  th.last .stop::before {
    inset-inline-end: 50%;
  }
  .stop .numbered-station {
    width: 2.1rem;
    height: 2.1rem;
  }
  .cell {
    display: grid;
    grid-auto-flow: column;
    gap: var(--il-space-2);
    align-items: center;
    justify-content: center;
    width: 100%;
    height: 100%;
    min-height: 2.5rem;
    padding: 0;
    color: inherit;
    font: inherit;
    font-size: var(--il-text-s);
    font-variant-numeric: tabular-nums;
    background: none;
    border: 0;
    cursor: pointer;
  }
  .cell svg {
    width: 1.25rem;
    height: 1.25rem;
    fill: none;
    stroke: currentcolor;
    stroke-width: 2;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  :host([roomy]) .cell[data-score]::after,
  .cell[data-score]:is(:hover, :focus-visible)::after {
    content: attr(data-score);
  }
  :host(:not([roomy])) .cell[data-score]:is(:hover, :focus-visible) svg {
    display: none;
  }
  .cell:hover {
    box-shadow: inset 0 0 0 2px var(--il-edge);
  }
  .cell:focus-visible {
    outline-offset: -3px;
  }
  th .cell {
    justify-content: start;
    padding: var(--il-space-1) var(--il-space-3);
    font-weight: 600;
    line-height: 1.2;
    text-align: start;
    overflow-wrap: anywhere;
    hyphens: auto;
  }
  /* Quiet signs for what has not happened. */
  :is(.look-todo, .look-locked, .look-away) .cell svg {
    width: 1rem;
    height: 1rem;
  }
  @container (max-width: 34rem) {
    .board {
      --name: 8rem;
      --progress: 4.25rem;
    }
    /* Only the name stays beside the steps; the panel tells when the pupil was active. */
    .active {
      display: none;
    }
    tbody .progress {
      z-index: 0;
    }
    .progress {
      inset-inline-start: auto;
      border-inline-end: 1px solid var(--il-edge);
    }
    thead .progress {
      z-index: 1;
      padding-inline: var(--il-space-2);
    }
    .told {
      width: calc(var(--name) - var(--il-space-3));
    }
  }
`,
];
