import { css } from 'lit';

/** Colours of the looks of a cell; each look also has its own sign. */
export const lookStyles = css`
  .look-done {
    color: var(--il-good);
    background: var(--il-good-fill);
  }
  .look-pending,
  .look-started {
    color: var(--il-info);
    background: var(--il-info-fill);
  }
  .look-low {
    color: var(--il-warn);
    background: var(--il-warn-fill);
  }
  .look-stuck {
    color: var(--il-bad);
    font-weight: 700;
    background: var(--il-bad-fill);
  }
  .look-next {
    color: var(--il-ink);
    background: var(--il-sunk);
  }
  .look-skipped,
  .look-todo,
  .look-locked,
  .look-away {
    color: var(--il-ink-soft);
  }
`;
