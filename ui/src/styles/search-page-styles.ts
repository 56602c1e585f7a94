import { css } from 'lit';

/**
 * Look of a page with a search box, facets and results: `form`, `.columns` with an `aside` of facets, and a `section` with `.head`. Where there
 * is no room beside the results the `aside` is hidden, and the button `.filters` shows, which opens the facets in a dialog.
 */
export const searchPageStyles = css`
  :host {
    container-type: inline-size;
  }
  form {
    position: relative;
  }
  form il-icon {
    position: absolute;
    inset-block-start: 50%;
    inset-inline-start: var(--il-space-4);
    font-size: 1.25rem;
    transform: translateY(-50%);
    pointer-events: none;
  }
  input[type='search'] {
    width: 100%;
    height: 56px;
    padding: 0 var(--il-space-4) 0 3rem;
    color: inherit;
    font: inherit;
    font-size: var(--il-text-l);
    background: var(--il-surface);
    border: 2px solid var(--il-ink);
    border-radius: var(--il-radius);
  }
  input[type='search']::placeholder {
    color: var(--il-ink-soft);
    opacity: 1;
  }
  .columns {
    display: grid;
    gap: var(--il-space-6) var(--il-space-7);
  }
  aside {
    display: none;
  }
  section {
    display: grid;
    gap: var(--il-space-4);
    align-content: start;
    min-width: 0;
    transition: opacity 120ms;
  }
  section[aria-busy='true'] {
    opacity: 0.6;
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    gap: var(--il-space-2) var(--il-space-4);
    align-items: center;
  }
  .head h2 {
    flex: 1;
    scroll-margin-top: calc(var(--il-bar-height) + var(--il-space-4));
  }
  .head h2:focus {
    outline: none;
  }
  .filters,
  .chip,
  .clear,
  select {
    min-height: var(--il-target);
    color: inherit;
    font: inherit;
    background: none;
    border: 1px solid var(--il-edge);
    border-radius: var(--il-radius);
    cursor: pointer;
  }
  .filters {
    display: inline-flex;
    gap: var(--il-space-2);
    align-items: center;
    padding: 0 var(--il-space-4);
    font-weight: 600;
  }
  .sort {
    display: inline-flex;
    gap: var(--il-space-2);
    align-items: center;
    color: var(--il-ink-soft);
    font-size: var(--il-text-s);
  }
  select {
    padding: 0 var(--il-space-2);
    color: var(--il-ink);
    background: var(--il-surface);
  }
  .chip {
    display: inline-flex;
    gap: var(--il-space-2);
    align-items: center;
    min-height: 36px;
    padding: 4px var(--il-space-3);
    text-align: start;
    background: var(--il-surface);
    border-radius: 999px;
  }
  .chip span {
    overflow: hidden;
    max-width: 40ch;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .chip:hover,
  .filters:hover {
    background: var(--il-hover);
  }
  .clear {
    min-height: 36px;
    padding: 0 var(--il-space-2);
    color: var(--il-link);
    text-decoration: underline;
    text-underline-offset: 0.18em;
    border: 0;
  }
  .results > li {
    border-bottom: 1px solid var(--il-rule);
  }
  @container (min-width: 50rem) {
    .columns:not(.alone) {
      grid-template-columns: 15.5rem minmax(0, 1fr);
    }
    aside {
      display: block;
      margin-top: calc(-1 * var(--il-space-2));
    }
    .filters {
      display: none;
    }
  }
`;
