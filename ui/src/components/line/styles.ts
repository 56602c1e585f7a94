import { css } from 'lit';

export const lineStyles = css`
  :host {
    --_ahead: color-mix(in oklab, var(--_line, var(--il-line-1)) 42%, var(--il-paper));
  }
  :host([size='mark']) {
    display: inline-block;
    vertical-align: middle;
  }
  ol {
    padding: 0;
    list-style: none;
  }
  svg {
    display: block;
    overflow: visible;
  }

  /* The line. */
  .track {
    fill: none;
    stroke: var(--_ahead);
    stroke-linecap: round;
  }
  .track.travelled {
    stroke: var(--_line);
  }

  /* The stations. */
  .shape {
    fill: var(--il-paper);
    stroke: var(--_line);
    stroke-width: var(--_stroke, 4);
  }
  .done .shape {
    fill: var(--_line);
  }
  .core {
    fill: var(--_line);
  }
  .next .ring {
    fill: var(--il-action);
    stroke: var(--il-action-edge);
    stroke-width: 2.5;
  }
  .next .shape {
    fill: none;
    stroke: none;
  }
  .tick {
    fill: none;
    stroke: var(--il-line-ink);
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .go {
    fill: var(--il-action-ink);
    stroke: var(--il-action-ink);
    stroke-linejoin: round;
  }
  .locked .shape {
    fill: var(--il-paper);
    stroke: var(--il-edge);
  }
  .barrier {
    stroke: var(--il-edge);
    stroke-linecap: round;
  }
  .shackle {
    fill: none;
    stroke: var(--il-ink-soft);
  }
  .body {
    fill: var(--il-ink-soft);
  }

  /* Its name. */
  li {
    position: relative;
    display: grid;
    grid-template-columns: var(--_rail) minmax(0, 1fr);
  }
  .rail {
    position: absolute;
    inset-block: 0;
    inset-inline-start: 0;
    width: var(--_rail);
    height: 100%;
  }
  .rail + * {
    grid-column: 2;
  }
  .text {
    position: relative;
    display: flex;
    flex-wrap: wrap;
    gap: var(--il-space-1) var(--il-space-4);
    align-items: center;
    min-width: 0;
    min-height: var(--_row);
    padding: var(--il-space-2) var(--il-space-3);
    color: inherit;
    font: inherit;
    text-align: start;
    text-decoration: none;
    background: none;
    border: 0;
    border-radius: var(--il-radius);
  }
  ol:not(.across, .large) .text {
    align-items: start;
    padding-block: 14px 10px;
  }
  a.text:any-link {
    color: inherit;
    text-decoration: none;
  }
  /* The whole row can be pressed, including its station. */
  a.text::after,
  button.text::after {
    position: absolute;
    inset: 0;
    inset-inline-start: calc(-1 * var(--_rail));
    content: '';
  }
  button.text {
    cursor: pointer;
  }
  a.text:hover,
  button.text:hover {
    background: var(--il-hover);
  }
  .words {
    flex: 1 1 12rem;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .label {
    display: block;
    font-weight: 560;
    line-height: 1.3;
  }
  .next .label {
    font-weight: 720;
  }
  .locked .label {
    color: var(--il-ink-soft);
  }
  .detail {
    display: flex;
    gap: var(--il-space-1);
    color: var(--il-ink-soft);
    font-size: var(--il-text-s);
  }
  .detail il-icon {
    align-self: start;
    margin-block-start: 0.16em;
    font-size: 0.95em;
  }
  .start {
    display: inline-flex;
    flex: none;
    gap: var(--il-space-2);
    align-items: center;
    min-height: var(--il-target);
    padding-inline: var(--il-space-5);
    color: var(--il-action-ink);
    font-weight: 720;
    background: var(--il-action);
    border: 2.5px solid var(--il-action-edge);
    border-radius: 999px;
  }
  a.text:hover .start,
  button.text:hover .start {
    background: var(--il-action-hover);
  }

  /* Sizes. */
  :host {
    --_rail: 44px;
    --_row: 48px;
  }

  /* Along the page. */
  .across {
    display: flex;
  }
  .across li {
    display: block;
    flex: 1 1 0;
    min-width: 0;
  }
  .across li:last-child {
    flex-grow: 0.8;
  }
  .across .rail {
    position: static;
    width: 100%;
    height: var(--_rail);
  }
  .across .text {
    align-items: start;
    margin-inline-end: var(--il-space-2);
    padding-block: var(--il-space-1);
    padding-inline: 6px;
  }
  .across a.text::after,
  .across button.text::after {
    inset-block-start: calc(-1 * var(--_rail));
    inset-inline-start: 0;
  }
  .across .label {
    font-size: var(--il-text-m);
  }
  .across .words {
    flex-basis: 100%;
  }

  /* At the size of a word. */
  .dot {
    fill: var(--il-paper);
    stroke: var(--_line);
    stroke-width: 2.5;
  }
  .dot.done {
    fill: var(--_line);
  }
  .dot.low {
    fill: color-mix(in oklab, var(--_line) 50%, var(--il-paper));
  }
  .dot.started {
    fill: var(--_ahead);
  }
  .dot.locked {
    stroke: var(--_ahead);
  }
  .dot.here {
    fill: var(--il-action);
    stroke: var(--il-action-edge);
    stroke-width: 2;
  }

  @media (forced-colors: active) {
    .track,
    .shape,
    .locked .shape,
    .barrier,
    .dot {
      stroke: CanvasText;
    }
    .shape,
    .dot {
      fill: Canvas;
    }
    .done .shape,
    .dot.done,
    .core {
      fill: CanvasText;
    }
    .tick {
      stroke: Canvas;
    }
    .next .ring,
    .dot.here {
      fill: Highlight;
      stroke: CanvasText;
    }
    .go {
      fill: HighlightText;
      stroke: HighlightText;
    }
  }
`;
