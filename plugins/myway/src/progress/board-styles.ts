import { css } from 'lit';

export const boardStyles = css`
  :host {
    --il-page-width: none;
  }
  .toolbar wa-select {
    flex: 0 1 15rem;
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
  .board {
    position: relative;
    max-width: 100%;
    /* Keeps the header visible while the pupils scroll. */
    max-height: max(24rem, calc(100dvh - var(--il-bar-height) - var(--il-space-5)));
    overflow: auto;
    border-top: 2px solid var(--il-ink);
  }
  table {
    width: auto;
    min-width: min(100%, 40rem);
    border-collapse: separate;
    border-spacing: 0;
  }
  th,
  td {
    padding: 0;
    border-bottom: 1px solid var(--il-rule);
  }
  thead th {
    position: sticky;
    top: 0;
    z-index: 1;
    height: 8.5rem;
    background: var(--il-paper);
    border-bottom: 2px solid var(--il-ink);
    vertical-align: bottom;
  }
  .corner {
    z-index: 2;
    padding: var(--il-space-2) var(--il-space-3);
  }
  .corner,
  tbody th {
    position: sticky;
    inset-inline-start: 0;
    min-width: 11rem;
    max-width: 16rem;
    background: var(--il-paper);
  }
  tbody th {
    z-index: 1;
    font-weight: 600;
    text-align: start;
    border-inline-end: 1px solid var(--il-rule);
  }
  .station {
    position: relative;
    display: grid;
    grid-template-rows: 1fr auto;
    gap: var(--il-space-2);
    justify-items: center;
    width: 6.5rem;
    height: 8.5rem;
    padding: var(--il-space-2) var(--il-space-1);
  }
  .station .title {
    display: -webkit-box;
    align-self: end;
    overflow: hidden;
    color: var(--il-ink);
    font-weight: 600;
    line-height: 1.2;
    text-align: center;
    overflow-wrap: anywhere;
    hyphens: auto;
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
    inset-inline: calc(-1 * var(--il-space-1));
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
    grid-template-columns: auto auto;
    gap: var(--il-space-2);
    align-items: center;
    justify-content: center;
    width: 100%;
    min-height: 2.75rem;
    padding: 0 var(--il-space-2);
    color: inherit;
    font: inherit;
    font-size: var(--il-text-s);
    font-variant-numeric: tabular-nums;
    background: none;
    border: 0;
    cursor: pointer;
  }
  .cell:hover {
    box-shadow: inset 0 0 0 2px var(--il-edge);
  }
  .cell:focus-visible {
    outline-offset: -3px;
  }
  th .cell {
    justify-content: start;
    padding-inline: var(--il-space-3);
    font-size: inherit;
    font-weight: 600;
    text-align: start;
  }
  .look-done {
    color: var(--il-good);
    background: var(--il-good-fill);
  }
  .look-pending {
    color: var(--il-info);
    background: var(--il-info-fill);
  }
  .look-started {
    color: var(--il-info);
    background: var(--il-info-fill);
  }
  .look-low {
    color: var(--il-warn);
    background: var(--il-warn-fill);
  }
  .look-stuck {
    color: var(--il-bad);
    font-weight: 700;
    background: var(--il-bad-fill);
  }
  .look-next {
    color: var(--il-ink);
    background: var(--il-sunk);
  }
  .look-todo,
  .look-locked {
    color: var(--il-ink-soft);
  }
  thead .total {
    padding-block: var(--il-space-2);
  }
  .total {
    padding-inline: var(--il-space-3);
    white-space: nowrap;
  }
`;
