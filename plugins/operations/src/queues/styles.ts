import { css } from 'lit';

/** On a telephone each row is a block of its own, with the names of the columns before the values. */
export const queuesStyles = css`
  .states {
    display: flex;
    flex-wrap: wrap;
    gap: var(--il-space-2);
    margin: 0 0 var(--il-space-4);
    padding: 0;
    list-style: none;
  }
  .states a {
    display: inline-flex;
    gap: var(--il-space-2);
    align-items: center;
    min-height: var(--il-target);
    padding-inline: var(--il-space-3);
    border: 1px solid var(--il-edge);
    border-radius: var(--il-radius);
    color: var(--il-ink);
    text-decoration: none;
  }
  .states a:hover {
    background: var(--il-hover);
  }
  .states a[aria-current='page'] {
    background: var(--il-ink);
    border-color: var(--il-ink);
    color: var(--il-paper);
  }
  .count {
    font-variant-numeric: tabular-nums;
    font-weight: 600;
  }
  .kind {
    font-weight: 400;
  }
  code {
    overflow-wrap: anywhere;
  }
  .end {
    text-align: end;
    white-space: nowrap;
  }
  @media (max-width: 40rem) {
    thead {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    tbody tr {
      display: grid;
      gap: var(--il-space-1);
      padding-block: var(--il-space-3);
      border-bottom: 1px solid var(--il-rule);
    }
    tbody td,
    tbody td.number,
    tbody td.end,
    tbody th {
      padding: 0;
      border: 0;
      text-align: start;
    }
    tbody td[data-label]::before {
      content: attr(data-label) ': ';
      color: var(--il-ink-soft);
    }
  }
`;
