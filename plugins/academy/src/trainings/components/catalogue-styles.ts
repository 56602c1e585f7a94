import { css } from 'lit';

/** What the catalogue adds to the look of a search page: its entries. */
export const catalogueStyles = css`
  article {
    display: grid;
    gap: var(--il-space-3) var(--il-space-5);
    padding: var(--il-space-4) var(--il-space-1);
    border-bottom: 1px solid var(--il-rule);
  }
  article .main,
  .next {
    display: grid;
    gap: var(--il-space-1);
    align-content: start;
    min-width: 0;
  }
  .next {
    justify-items: start;
  }
  h3 a:any-link {
    color: inherit;
    text-decoration-color: transparent;
  }
  h3 a:hover {
    text-decoration-color: currentcolor;
  }
  .about {
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  @container (min-width: 36rem) {
    article {
      grid-template-columns: minmax(0, 1fr) 11rem;
    }
  }
`;
