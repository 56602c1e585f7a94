import { css } from 'lit';

export const builderPanesStyles = css`
  .panes {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--il-space-6);
    align-items: start;
  }
  .panes.wide {
    grid-template-columns: minmax(16rem, 22rem) minmax(24rem, 1fr) minmax(16rem, 22rem);
  }
  .panes.half {
    grid-template-columns: minmax(16rem, 22rem) minmax(22rem, 1fr);
  }
  .pane {
    min-width: 0;
  }
  .wide .side,
  .half .side {
    position: var(--il-sticky);
    top: calc(var(--il-bar-height) + var(--il-space-4));
    max-height: calc(100dvh - var(--il-bar-height) - var(--il-space-6));
    padding: var(--il-space-1);
    overflow-y: auto;
  }
  .wide .library,
  .half .side {
    padding-inline-end: var(--il-space-5);
    border-inline-end: 1px solid var(--il-rule);
  }
  .wide .inspector {
    padding-inline-start: var(--il-space-5);
    border-inline-start: 1px solid var(--il-rule);
  }
  .pane-head {
    display: flex;
    flex-wrap: wrap;
    gap: var(--il-space-1) var(--il-space-3);
    align-items: baseline;
    justify-content: space-between;
    margin-bottom: var(--il-space-3);
  }
  /* On a phone the tab says what these are, and their buttons share one row. */
  .panes:not(.wide, .half) .pane-head h2 {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .panes:not(.wide, .half) .pane-head .actions {
    flex: 1;
    flex-wrap: nowrap;
    gap: 0;
    justify-content: space-between;
  }
  @media (max-width: 26rem) {
    .panes:not(.wide, .half) .pane-head il-icon {
      display: none;
    }
  }
  .tabs {
    display: grid;
    grid-auto-flow: column;
    grid-auto-columns: 1fr;
    margin-bottom: var(--il-space-4);
    border-bottom: 1px solid var(--il-rule);
  }
  .tabs button {
    min-height: var(--il-target);
    padding: 0 var(--il-space-2);
    color: var(--il-ink-soft);
    font: inherit;
    font-weight: 600;
    background: none;
    border: 0;
    border-bottom: 3px solid transparent;
    cursor: pointer;
  }
  .tabs button[aria-selected='true'] {
    color: var(--il-ink);
    border-color: var(--il-ink);
  }
  .adding {
    display: flex;
    flex-wrap: wrap;
    gap: var(--il-space-2);
    align-items: center;
    padding: var(--il-space-2) var(--il-space-4);
    font-weight: 600;
    background: var(--il-info-fill);
    border-radius: var(--il-radius);
  }
  myway-own-steps {
    display: block;
    margin-bottom: var(--il-space-4);
  }
`;
