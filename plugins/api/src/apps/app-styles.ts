import { css } from 'lit';

/** Forms in dialogs, facts, and rows of the pages of apps. */
export const appStyles = css`
  form,
  fieldset {
    display: grid;
    gap: var(--il-space-4);
  }
  fieldset {
    gap: var(--il-space-2);
    margin: 0;
    padding: 0;
    border: 0;
  }
  .error {
    margin-top: var(--il-space-1);
    color: var(--il-bad);
    font-weight: 600;
  }
  .choice {
    display: grid;
    gap: var(--il-space-1);
    font-weight: 600;
  }
  .choice select {
    min-height: 44px;
    padding-inline: var(--il-space-3);
    color: inherit;
    font: inherit;
    background: var(--il-surface);
    border: 1px solid var(--il-edge);
    border-radius: var(--il-radius);
  }
  .item {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: var(--il-space-3) var(--il-space-5);
    padding-block: var(--il-space-4);
    border-bottom: 1px solid var(--il-rule);
  }
  .about {
    display: grid;
    gap: var(--il-space-2);
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .item .actions {
    align-self: start;
  }
  dl {
    display: grid;
    grid-template-columns: 12rem minmax(0, 1fr);
    gap: var(--il-space-1) var(--il-space-4);
    font-size: var(--il-text-s);
  }
  dt {
    color: var(--il-ink-soft);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  .state {
    display: inline-flex;
    gap: var(--il-space-2);
    align-items: center;
    font-weight: 600;
  }
  .good {
    color: var(--il-good);
  }
  .bad {
    color: var(--il-bad);
  }
  section {
    margin-block-start: var(--il-space-6);
  }
  pre {
    padding: var(--il-space-4);
    overflow-x: auto;
    font-size: var(--il-text-s);
    background: var(--il-sunk);
    border-radius: var(--il-radius);
  }
  @media (max-width: 40rem) {
    .item,
    dl {
      grid-template-columns: minmax(0, 1fr);
    }
    dd {
      margin-bottom: var(--il-space-2);
    }
  }
`;
