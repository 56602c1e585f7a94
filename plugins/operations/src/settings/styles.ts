import { css } from 'lit';

export const settingsStyles = css`
  form {
    display: grid;
    gap: var(--il-space-5);
    padding-top: var(--il-space-5);
    border-top: 2px solid var(--il-ink);
  }
  h2:focus {
    outline: none;
  }
  .field {
    display: grid;
    gap: var(--il-space-2);
    justify-items: start;
    min-width: 0;
  }
  .field > :is(input, textarea, il-combobox, fieldset) {
    width: 100%;
  }
  label,
  legend {
    padding: 0;
    font-weight: 600;
  }
  .hint,
  .note {
    color: var(--il-ink-soft);
    font-size: var(--il-text-s);
  }
  .note,
  .error {
    display: flex;
    gap: var(--il-space-2);
    align-items: center;
  }
  .error {
    color: var(--il-bad);
    font-weight: 600;
  }
  .warn {
    color: var(--il-warn);
  }
  input,
  select,
  textarea {
    min-width: 0;
    min-height: var(--il-target);
    padding: var(--il-space-2) var(--il-space-3);
    background: var(--il-surface);
    border: 1px solid var(--il-edge);
    border-radius: var(--il-radius);
    color: inherit;
    font: inherit;
  }
  select {
    max-width: 100%;
  }
  .field > input.short {
    width: 12rem;
    max-width: 100%;
  }
  [aria-invalid] {
    border-color: var(--il-bad);
  }
  fieldset {
    display: grid;
    gap: var(--il-space-3);
  }
  .checks {
    display: flex;
    flex-wrap: wrap;
    gap: var(--il-space-3) var(--il-space-5);
  }
  .periods {
    display: grid;
    gap: var(--il-space-2);
    padding: 0;
    list-style: none;
  }
  .period {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 10rem 10rem 2.75rem;
    gap: var(--il-space-2);
    align-items: center;
  }
  .head {
    margin-bottom: calc(-1 * var(--il-space-2));
    font-weight: 600;
  }
  .link {
    padding: 0;
    background: none;
    border: 0;
    color: var(--il-link);
    cursor: pointer;
    font: inherit;
    text-align: start;
    text-decoration: underline;
    text-underline-offset: 0.18em;
  }
  @media (max-width: 40rem) {
    .head {
      display: none;
    }
    .period {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) 2.75rem;
      padding-bottom: var(--il-space-3);
      border-bottom: 1px solid var(--il-rule);
    }
    .period .label {
      grid-column: 1 / -1;
    }
    .period input {
      padding-inline: var(--il-space-2);
    }
  }
`;
