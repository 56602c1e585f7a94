import { css } from 'lit';

/** A native choice with its label: `<label class="choice">Text <select>…</select></label>`. */
export const choiceStyles = css`
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
`;
