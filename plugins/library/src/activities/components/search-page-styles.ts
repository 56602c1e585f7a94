import { css } from 'lit';

/** What the library's search adds to the look of a search page. */
export const librarySearchStyles = css`
  .ways {
    display: flex;
    flex-wrap: wrap;
    gap: var(--il-space-2) var(--il-space-5);
  }
  .understood {
    color: var(--il-ink-soft);
  }
  .without {
    display: grid;
    gap: var(--il-space-2);
    padding: 0;
    list-style: none;
  }
  .without a {
    display: inline-flex;
    align-items: center;
    min-height: var(--il-target);
  }
`;
