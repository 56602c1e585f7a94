import { css } from 'lit';

/** Look of a state in words (`.state`, with `good`, `warn` or `bad`), and of facts beside each other (`.facts`, each a `span`). */
export const stateStyles = css`
  .state {
    display: inline-flex;
    gap: 0.35em;
    align-items: center;
    padding: 0 0.6em;
    font-weight: 600;
    font-size: var(--il-text-s);
    border-radius: 999px;
    background: var(--il-sunk);
  }
  .state.good {
    color: var(--il-good);
    background: var(--il-good-fill);
  }
  .state.warn {
    color: var(--il-warn);
    background: var(--il-warn-fill);
  }
  .state.bad {
    color: var(--il-bad);
    background: var(--il-bad-fill);
  }
  .facts {
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.5em;
    color: var(--il-ink-soft);
    font-size: var(--il-text-s);
  }
  .facts > span:not(:last-child)::after {
    content: ' ·';
  }
`;
