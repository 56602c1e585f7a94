import { css } from 'lit';

export const editPageStyles = css`
  form {
    display: grid;
    gap: var(--il-space-5);
  }
  .kinds {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(15rem, 100%), 1fr));
    gap: var(--il-space-3);
  }
  .kinds label {
    display: flex;
    gap: var(--il-space-3);
    align-items: start;
    padding: var(--il-space-3) var(--il-space-4);
    border: 1px solid var(--il-edge);
    border-radius: var(--il-radius);
    cursor: pointer;
  }
  .kinds label:has(:checked) {
    background: var(--il-surface);
    border-color: var(--il-ink);
    box-shadow: inset 0 0 0 1px var(--il-ink);
  }
  .kinds label > span {
    display: grid;
  }
  input[type='radio'],
  input[type='checkbox'] {
    flex: none;
    width: 22px;
    height: 22px;
    margin: 1px 0 0;
    accent-color: var(--il-ink);
  }
  .text {
    display: grid;
    gap: var(--il-space-2);
    justify-items: stretch;
  }
  textarea {
    min-height: 6rem;
  }
  .switch {
    display: inline-flex;
    gap: var(--il-space-2);
    align-items: center;
    justify-self: start;
    min-height: var(--il-target);
    padding: 0 var(--il-space-3);
    color: var(--il-link);
    font: inherit;
    background: none;
    border: 0;
    border-radius: var(--il-radius);
    cursor: pointer;
  }
  .switch:hover {
    background: var(--il-hover);
  }
  .together {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(9.5rem, 100%), 1fr));
    gap: var(--il-space-4);
    align-items: start;
  }
  .check {
    display: flex;
    gap: var(--il-space-3);
    align-items: start;
    min-height: var(--il-target);
    cursor: pointer;
  }
`;
