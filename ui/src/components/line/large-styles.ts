import { css } from 'lit';

/** The large line of a pupil's path: stations left and right of the middle, the current one as a card. */
export const largeStyles = css`
  .large {
    --_off: 16%;
    --_bend: 30px;
    container-type: inline-size;
  }
  .large li {
    display: block;
    min-height: 128px;
    padding-block: calc(var(--_bend) + 2px);
  }
  .large .left {
    --_at: var(--_off);
  }
  .large .right {
    --_at: calc(100% - var(--_off));
  }
  .large .middle {
    --_at: 50%;
  }
  .large li:not(.middle) {
    --_y: 50%;
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-items: center;
  }
  .large .middle {
    --_y: 66px;
    padding-block: 122px var(--_bend);
  }

  .rails {
    display: contents;
  }
  /* Rails. Borders, because forced colours remove backgrounds. */
  .stem {
    position: absolute;
    inset-inline-start: var(--_at);
    width: 0;
    margin-inline-start: -5px;
    border-inline-start: 10px solid var(--_ahead);
  }
  .stem.travelled {
    border-color: var(--_line);
  }
  .stem.up {
    top: 0;
    bottom: calc(100% - var(--_y));
  }
  .stem.down {
    top: var(--_y);
    bottom: 0;
  }
  .stem.up.bent {
    top: calc(var(--_bend) - 1px);
  }
  .stem.down.bent {
    bottom: calc(var(--_bend) - 1px);
  }
  .bend {
    position: absolute;
    inset-inline-start: var(--_at);
    width: calc(50% - var(--_off));
    height: var(--_bend);
  }
  .bend .track {
    vector-effect: non-scaling-stroke;
  }
  .right .bend {
    inset-inline-start: 50%;
    scale: -1 1;
  }
  .bend.up {
    top: 0;
  }
  .bend.down {
    bottom: 0;
    scale: 1 -1;
  }
  .right .bend.down {
    scale: -1 -1;
  }

  /* Stations. */
  .mark {
    position: absolute;
    inset-inline-start: var(--_at);
    top: var(--_y);
    display: grid;
    place-items: center;
    width: 84px;
    height: 84px;
    margin: -42px;
  }
  .mark > * {
    grid-area: 1 / 1;
  }
  .mark .shape {
    fill: var(--il-paper);
    stroke: var(--_line);
    stroke-width: 6;
  }
  .mark .core {
    fill: color-mix(in oklab, var(--_line) 45%, var(--il-paper));
  }
  .mark .kind {
    position: relative;
    color: var(--_line);
    font-size: 28px;
  }
  .mark.done .shape {
    fill: var(--_line);
  }
  .mark.done .kind {
    color: var(--il-line-ink);
  }
  .mark.low .kind {
    color: var(--il-ink);
  }
  .mark.low .shape {
    fill: var(--il-paper);
  }
  .mark.low .core {
    stroke: none;
  }
  .mark.locked .shape {
    stroke: var(--il-edge);
  }
  .mark.locked .kind {
    color: var(--il-ink-soft);
  }
  .mark.here .ring {
    fill: var(--il-action);
    stroke: var(--il-action-edge);
    stroke-width: 2.5;
  }
  .mark.here .shape {
    fill: none;
    stroke: none;
  }
  .mark.here .kind {
    color: var(--il-action-ink);
  }
  .badge,
  .train {
    box-sizing: content-box;
    place-self: end;
    width: 16px;
    height: 16px;
    padding: 4px;
    color: var(--il-paper);
    background: var(--il-ink);
    border: 2px solid var(--il-paper);
    border-radius: 50%;
  }
  .low .badge {
    color: var(--il-ink);
    background: var(--il-paper);
    border-color: var(--il-ink);
  }
  .locked .badge,
  .started .badge {
    background: var(--il-ink-soft);
  }
  .train {
    z-index: 2;
    place-self: start;
    width: 22px;
    height: 22px;
    padding: 5px;
  }

  /* Names beside the stations. */
  .large .text {
    position: static;
    display: block;
    min-height: 0;
    padding: var(--il-space-1) 0;
  }
  .large .left .text {
    margin-inline-start: calc(var(--_off) + 52px);
  }
  .large .right .text {
    margin-inline-end: calc(var(--_off) + 52px);
    text-align: end;
  }
  .large a.text,
  .large button.text {
    display: grid;
    align-items: center;
    min-height: var(--il-target);
  }
  .large a.text::after,
  .large button.text::after {
    inset: 0;
  }
  .large a.text:hover,
  .large button.text:hover {
    background: none;
  }
  .large a.text:hover .label,
  .large button.text:hover .label {
    text-decoration: underline;
  }
  .large .label {
    font-size: var(--il-text-m);
    font-weight: 600;
    hyphens: auto;
  }
  .large .detail {
    font-size: var(--il-text-s);
  }
  .large .right .detail {
    justify-content: end;
  }

  /* The current station's card. */
  .card {
    position: relative;
    display: grid;
    gap: var(--il-space-3);
    width: min(100%, 26rem);
    margin-inline: auto;
    padding: var(--il-space-5) var(--il-space-4);
    justify-items: center;
    text-align: center;
    background: var(--il-surface);
    border: 2px solid var(--il-rule);
    border-radius: var(--il-radius);
    overflow-wrap: anywhere;
  }
  .card .label {
    font-size: var(--il-text-l);
    font-weight: 720;
  }
  .card .detail {
    justify-content: center;
  }
  .card .go-on {
    display: flex;
    flex-wrap: wrap;
    gap: var(--il-space-3);
    align-items: center;
    justify-content: center;
  }
  .card il-ear {
    position: relative;
    z-index: 1;
  }
  .card .start {
    font: inherit;
    font-weight: 720;
    text-decoration: none;
    cursor: pointer;
  }
  .card .start:any-link {
    color: var(--il-action-ink);
  }
  .card a.start::after,
  .card button.start::after {
    position: absolute;
    inset: 0;
    border-radius: inherit;
    content: '';
  }
  .card:hover .start {
    background: var(--il-action-hover);
  }
  :host([quiet]) .card .start {
    color: var(--il-ink);
    background: none;
    border-color: var(--il-edge);
  }
  @container (min-width: 34rem) {
    .large li {
      --_off: 30%;
    }
    .large .label {
      font-size: var(--il-text-l);
    }
  }

  @media (forced-colors: active) {
    .stem {
      border-color: CanvasText;
    }
    .mark .shape,
    .mark.locked .shape {
      stroke: CanvasText;
    }
    .mark.here .ring {
      fill: Highlight;
    }
    .mark.here .kind {
      color: HighlightText;
    }
    .mark.done .kind {
      color: Canvas;
    }
    .badge,
    .train {
      border-color: CanvasText;
    }
    .card .start {
      border-color: ButtonBorder;
    }
  }
`;
