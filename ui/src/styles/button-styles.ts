import { css } from 'lit';

/**
 * Plain buttons and links that look like `wa-button`: for the shell, where what tells that something failed must not depend on another
 * download, and for parts of a start page, which then need no element of the design system.
 */
export const buttonStyles = css`
  .button:any-link,
  .button {
    display: inline-flex;
    gap: var(--il-space-2);
    align-items: center;
    justify-content: center;
    min-height: var(--il-target);
    padding: var(--il-space-1) var(--il-space-4);
    color: var(--il-ink);
    font: inherit;
    font-weight: 600;
    text-decoration: none;
    background: transparent;
    border: 2px solid var(--il-edge);
    border-radius: var(--il-radius);
    cursor: pointer;
  }
  .button:hover {
    background: var(--il-hover);
  }
  .button.main {
    color: var(--il-action-ink);
    font-weight: 720;
    background: var(--il-action);
    border-color: var(--il-action-edge);
  }
  .button.main:hover {
    background: var(--il-action-hover);
  }
`;
