import { css } from 'lit';

/** Shared by the pages of licences. */
export const pageStyles = css`
  section {
    margin-block-start: var(--il-space-6);
  }
  h2,
  h3 {
    margin-block-end: var(--il-space-3);
  }
  .between {
    display: flex;
    flex-wrap: wrap;
    gap: var(--il-space-2) var(--il-space-4);
    align-items: center;
    justify-content: space-between;
  }
  .between p {
    margin: 0;
  }
  form.form {
    margin-block-start: var(--il-space-5);
  }
  .form {
    display: grid;
    gap: var(--il-space-4);
  }
  .warn {
    color: var(--il-warn);
    font-weight: 600;
  }
  .bad {
    color: var(--il-bad);
  }
  td,
  th {
    vertical-align: top;
    overflow-wrap: anywhere;
  }
  .card {
    display: grid;
    gap: var(--il-space-2);
    padding: var(--il-space-4) 0;
    border-block-end: 1px solid var(--il-rule);
  }
  .card.panel {
    padding: var(--il-space-4);
  }
  section > il-combobox {
    margin-block-start: var(--il-space-4);
  }
  .card p {
    margin: 0;
    overflow-wrap: anywhere;
  }
  wa-progress-bar {
    --track-height: 8px;
    max-width: 16rem;
  }
`;
