import { css } from 'lit';

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
  .status {
    display: inline-flex;
    gap: var(--il-space-2);
    align-items: center;
    min-height: 1.75rem;
    font-size: var(--il-text-s);
  }
  .status.failed,
  .status.refused {
    color: var(--il-bad);
    font-weight: 600;
  }
  .panes {
    display: grid;
    grid-template-columns: minmax(16rem, 22rem) minmax(20rem, 1fr) minmax(16rem, 22rem);
    gap: var(--il-space-6);
    align-items: start;
  }
  .pane {
    min-width: 0;
  }
  .pane.library,
  .pane.inspector {
    position: sticky;
    top: calc(var(--il-bar-height) + var(--il-space-4));
    max-height: calc(100dvh - var(--il-bar-height) - var(--il-space-6));
    padding: var(--il-space-1);
    overflow-y: auto;
  }
  .pane.library {
    padding-inline-end: var(--il-space-5);
    border-inline-end: 1px solid var(--il-rule);
  }
  .pane.inspector {
    padding-inline-start: var(--il-space-5);
    border-inline-start: 1px solid var(--il-rule);
  }
  .pane-head {
    display: flex;
    gap: var(--il-space-3);
    align-items: baseline;
    justify-content: space-between;
    margin-bottom: var(--il-space-3);
  }
  .tabs {
    display: none;
  }
  .conflict {
    display: grid;
    gap: var(--il-space-3);
    padding: var(--il-space-4) var(--il-space-5);
    background: var(--il-warn-fill);
    border-inline-start: 6px solid var(--il-warn);
    border-radius: 4px var(--il-radius) var(--il-radius) 4px;
  }
  @media (max-width: 75rem) {
    .tabs {
      display: grid;
      grid-template-columns: repeat(3, 1fr);
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
    .panes {
      grid-template-columns: minmax(0, 1fr);
    }
    .pane:not([data-shown]) {
      display: none;
    }
    .pane.library,
    .pane.inspector {
      position: static;
      max-height: none;
      padding: 0;
      overflow: visible;
      border: 0;
    }
  }
`;
