import { css } from 'lit';

/** Look of a list of links that filter a list: `<ul class="filters">`, the current one with `aria-current="page"`. */
export const filterStyles = css`
  .filters {
    display: flex;
    flex-wrap: wrap;
    gap: var(--il-space-2);
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .filters a {
    display: inline-flex;
    gap: var(--il-space-2);
    align-items: center;
    min-height: var(--il-target);
    padding-inline: var(--il-space-3);
    color: var(--il-ink);
    text-decoration: none;
    border: 1px solid var(--il-edge);
    border-radius: var(--il-radius);
  }
  .filters a:hover {
    background: var(--il-hover);
  }
  .filters a[aria-current='page'] {
    color: var(--il-paper);
    background: var(--il-ink);
    border-color: var(--il-ink);
  }
`;
