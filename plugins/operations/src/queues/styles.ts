import { css } from 'lit';

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
    .end {
      text-align: start;
    }
  }
`;
