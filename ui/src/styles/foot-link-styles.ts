import { css } from 'lit';

/** Look of the links of an element in the slot `shell.footer`. */
export const footLinkStyles = css`
  a {
    display: inline-flex;
    align-items: center;
    min-height: var(--il-target);
    color: inherit;
    font-size: var(--il-text-s);
  }
`;
