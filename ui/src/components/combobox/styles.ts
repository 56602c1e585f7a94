import { css } from 'lit';

export const comboboxStyles = css`
  label {
    display: block;
    margin-block-end: 0.4em;
    font-weight: 600;
    line-height: 1.3;
  }
  .required::after {
    color: var(--il-bad);
    content: ' *';
  }
  .field {
    position: relative;
    display: flex;
    align-items: center;
    min-height: var(--wa-form-control-height);
    background: var(--il-surface);
    border: 1.5px solid var(--il-edge);
    border-radius: var(--il-radius);
  }
  .field:focus-within {
    outline: 3px solid var(--il-focus);
    outline-offset: 2px;
  }
  .invalid .field {
    border-color: var(--il-bad);
    border-width: 2px;
  }
  input {
    flex: 1;
    min-width: 0;
    height: 100%;
    min-height: inherit;
    padding: 0 0 0 1em;
    color: inherit;
    font: inherit;
    text-overflow: ellipsis;
    background: none;
    border: 0;
  }
  input:focus-visible {
    outline: none;
  }
  input::placeholder {
    color: var(--il-ink-soft);
    opacity: 1;
  }
  .button {
    display: grid;
    flex: none;
    place-items: center;
    width: 40px;
    height: 40px;
    padding: 0;
    color: var(--il-ink-soft);
    font: inherit;
    background: none;
    border: 0;
    border-radius: 50%;
    cursor: pointer;
  }
  .button:hover {
    color: var(--il-ink);
  }
  .disabled {
    opacity: 0.55;
  }
  .hint,
  .error {
    margin-block-start: 0.4em;
    color: var(--il-ink-soft);
    font-size: var(--il-text-s);
  }
  .error {
    display: flex;
    gap: var(--il-space-1);
    color: var(--il-bad);
  }
  .popup {
    position: fixed;
    inset: auto;
    max-height: min(22rem, 60vh);
    margin: 0;
    padding: 6px;
    overflow-y: auto;
    overscroll-behavior: contain;
    color: var(--il-ink);
    background: var(--il-surface);
    border: 1px solid var(--il-edge);
    border-radius: calc(var(--il-radius) + 4px);
    box-shadow: var(--il-shadow);
  }
  ul {
    padding: 0;
    list-style: none;
  }
  li {
    display: flex;
    gap: var(--il-space-3);
    align-items: center;
    min-height: var(--il-target);
    padding: 6px 12px;
    border-radius: var(--il-radius);
    cursor: pointer;
  }
  li[aria-selected='true'] {
    font-weight: 680;
  }
  li.active {
    background: var(--il-hover);
    outline: 2px solid var(--il-ink);
    outline-offset: -2px;
  }
  li[aria-disabled='true'] {
    color: var(--il-ink-soft);
    cursor: default;
  }
  .words {
    flex: 1;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .detail {
    display: block;
    color: var(--il-ink-soft);
    font-size: var(--il-text-s);
    font-weight: 400;
  }
  .note {
    padding: 10px 12px;
    color: var(--il-ink-soft);
  }
`;
