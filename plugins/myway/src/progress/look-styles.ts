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
  /* A corner: the pupil does another activity in this step. */
  .other {
    background-image: linear-gradient(225deg, currentcolor 0.5rem, transparent 0.52rem);
  }
  .look-skipped,
  .look-todo,
  .look-locked,
  .look-away {
    color: var(--il-ink-soft);
  }
`;
