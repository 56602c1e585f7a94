import { css } from 'lit';

export const pupilStepsStyles = css`
  li {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: var(--il-space-1) var(--il-space-3);
    align-items: start;
    padding: var(--il-space-3) var(--il-space-2);
    border-bottom: 1px solid var(--il-rule);
    scroll-margin-block: var(--il-space-4);
  }
  li[aria-current] {
    background: var(--il-hover);
    border-inline-start: 6px solid var(--line);
  }
  .look-done {
    color: var(--il-good);
  }
  .look-low {
    color: var(--il-warn);
  }
  .look-stuck {
    color: var(--il-bad);
  }
  .look-pending,
  .look-started {
    color: var(--il-info);
  }
  .tries {
    padding-inline-start: 1.2em;
  }
  .tries li {
    display: list-item;
    padding: 0;
    border: 0;
  }
  .comment {
    white-space: pre-line;
    overflow-wrap: anywhere;
  }
  .actions {
    gap: var(--il-space-2);
    margin-top: var(--il-space-2);
  }
  .actions:empty {
    display: none;
  }
`;
