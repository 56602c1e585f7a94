import { css } from 'lit';

/** Look of facets: `details` with a group of checkboxes; `--_depth` indents one, from 0. */
export const facetStyles = css`
  details {
    border-bottom: 1px solid var(--il-rule);
  }
  summary {
    display: flex;
    gap: var(--il-space-2);
    align-items: center;
    min-height: var(--il-target);
    padding-block: var(--il-space-2);
    font-weight: 680;
    line-height: 1.3;
    list-style: none;
    cursor: pointer;
  }
  summary::-webkit-details-marker {
    display: none;
  }
  summary:hover .name {
    text-decoration: underline;
    text-underline-offset: 0.2em;
  }
  summary il-icon {
    color: var(--il-ink-soft);
  }
  details[open] > summary il-icon {
    transform: rotate(180deg);
  }
  .group {
    display: block;
    color: var(--il-ink-soft);
    font-weight: 400;
    font-size: var(--il-text-s);
  }
  .chosen {
    color: var(--il-ink-soft);
    font-weight: 400;
    font-size: var(--il-text-s);
  }
  [role='group'] {
    padding-bottom: var(--il-space-3);
  }
  ul {
    padding: 0;
    list-style: none;
  }
  ul.scroll {
    max-height: 22rem;
    overflow-y: auto;
  }
  label {
    display: flex;
    gap: var(--il-space-2);
    align-items: start;
    min-height: 36px;
    padding: 6px var(--il-space-2) 6px calc(var(--_depth, 0) * var(--il-space-4));
    border-radius: 6px;
    cursor: pointer;
    overflow-wrap: anywhere;
    line-height: 1.35;
  }
  label:hover {
    background: var(--il-hover);
  }
  label .grow::first-letter {
    text-transform: uppercase;
  }
  input[type='checkbox'] {
    flex: none;
    width: 20px;
    height: 20px;
    margin: 1px 0 0;
    accent-color: var(--il-ink);
  }
  .count {
    color: var(--il-ink-soft);
    font-size: var(--il-text-s);
    font-variant-numeric: tabular-nums;
  }
  .seek {
    width: 100%;
    min-height: 36px;
    margin-bottom: var(--il-space-2);
    padding: 0 var(--il-space-3);
    color: inherit;
    font: inherit;
    background: var(--il-surface);
    border: 1px solid var(--il-edge);
    border-radius: var(--il-radius);
  }
  .more {
    min-height: 36px;
    padding: 0;
    color: var(--il-link);
    font: inherit;
    text-decoration: underline;
    text-underline-offset: 0.18em;
    background: none;
    border: 0;
    cursor: pointer;
  }
`;
