import { css } from 'lit';

/** Look of the forms and cards of this plugin's pages. */
export const formStyles = css`
  form {
    display: grid;
    gap: var(--il-space-5);
    max-width: 40rem;
  }
  fieldset {
    display: grid;
    gap: var(--il-space-4);
    min-width: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
  legend {
    padding: 0;
    margin-block-end: var(--il-space-3);
    font-size: var(--il-text-l);
    font-weight: 680;
  }
  .pair {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(12rem, 100%), 1fr));
    gap: var(--il-space-4);
  }
  .numbered {
    display: grid;
    grid-template-columns: 10.5rem minmax(0, 1fr) auto;
    gap: var(--il-space-3);
    align-items: end;
  }
  .checks {
    display: flex;
    flex-wrap: wrap;
    gap: var(--il-space-3) var(--il-space-5);
  }
  .quote {
    margin: 0;
    padding: var(--il-space-3) var(--il-space-4);
    background: var(--il-sunk);
    border-radius: var(--il-radius);
    white-space: pre-line;
    overflow-wrap: anywhere;
  }
  .fault {
    color: var(--il-bad);
    font-weight: 600;
  }
  @media (max-width: 40rem) {
    .numbered {
      grid-template-columns: 1fr;
    }
  }
`;
