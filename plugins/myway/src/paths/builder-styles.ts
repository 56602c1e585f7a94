import { css } from 'lit';

/** The head of the builder, and what it says when a colleague changed the same. */
export const builderStyles = css`
  :host {
    --il-page-width: 96rem;
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    gap: var(--il-space-3) var(--il-space-5);
    align-items: end;
  }
  .name {
    flex: 1 1 22rem;
    min-width: 0;
  }
  .name input {
    width: 100%;
    padding: var(--il-space-1) 0;
    color: inherit;
    font: inherit;
    font-size: var(--il-text-xl);
    font-weight: 720;
    letter-spacing: -0.015em;
    background: none;
    border: 0;
    border-bottom: 3px solid var(--il-rule);
    text-overflow: ellipsis;
  }
  .name input:hover {
    border-color: var(--il-edge);
  }
  .conflict {
    display: grid;
    gap: var(--il-space-3);
    padding: var(--il-space-4) var(--il-space-5);
    background: var(--il-warn-fill);
    border-inline-start: 6px solid var(--il-warn);
    border-radius: 4px var(--il-radius) var(--il-radius) 4px;
  }
`;
