import { css } from 'lit';

/** Rows with what is released, facts about it, and forms in dialogs. */
export const releaseStyles = css`
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
  .error {
    color: var(--il-bad);
    font-weight: 600;
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
  .item .actions a {
    display: inline-flex;
    align-items: center;
    min-height: 44px;
  }
  dl {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: var(--il-space-1) var(--il-space-4);
    max-width: 40rem;
    font-size: var(--il-text-s);
  }
  dt {
    color: var(--il-ink-soft);
  }
  dd {
    margin: 0;
    text-align: end;
  }
  .facts {
    grid-template-columns: repeat(auto-fit, minmax(min(16rem, 100%), 1fr));
    max-width: none;
  }
  .facts dd {
    text-align: start;
  }
  code {
    overflow-wrap: anywhere;
  }
  @media (max-width: 40rem) {
    .item {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;
