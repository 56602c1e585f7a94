import { css } from 'lit';

/** The look of a part of the start page: a heading on a line of ink, rows with hairlines below. {@link StartPart} has it. */
export const startPartStyles = css`
  section {
    display: grid;
    align-content: start;
  }
  .part-head {
    display: flex;
    flex-wrap: wrap;
    gap: var(--il-space-1) var(--il-space-4);
    align-items: baseline;
    justify-content: space-between;
    padding-block-end: var(--il-space-2);
    border-block-end: 2px solid var(--il-ink);
  }
  .part-head h2 {
    display: inline-flex;
    gap: 0.5em;
    align-items: center;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .part-head il-icon {
    flex: none;
  }
  /* The baseline of the heading is that of its text, not of its icon. */
  .part-head h2 > span {
    align-self: baseline;
    min-width: 0;
  }
  .part-head + * {
    margin-block-start: var(--il-space-3);
  }
  .part-head + .list {
    margin-block-start: 0;
    border-block-start: 0;
  }
  .row {
    overflow-wrap: anywhere;
  }
  .row.lead {
    align-items: baseline;
  }
  .facts {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 9rem), 1fr));
    gap: var(--il-space-4);
  }
  .fact {
    display: grid;
    align-content: start;
  }
  .fact .amount {
    font-size: var(--il-text-xl);
    font-weight: 720;
    font-variant-numeric: tabular-nums;
    line-height: 1.2;
  }
  .fact .of {
    color: var(--il-ink-soft);
    font-size: var(--il-text-s);
  }
  .bad {
    color: var(--il-bad);
  }
  .warn {
    color: var(--il-warn);
  }
  .good {
    color: var(--il-good);
  }
`;
