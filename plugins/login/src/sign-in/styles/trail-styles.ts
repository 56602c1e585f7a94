import { css } from 'lit';

/** The chosen line: the choice behind, the form at the current station, and what comes next. */
export const trailStyles = css`
  .trail {
    padding: 0;
    list-style: none;
  }
  .trail > li {
    position: relative;
    padding-block-end: var(--il-space-6);
    padding-inline-start: var(--rail);
  }
  .trail > li::before,
  .trail .next::after {
    position: absolute;
    inset-block: 0;
    inset-inline-start: var(--middle);
    border-inline-start: var(--bar) solid var(--line);
    content: '';
  }
  .trail .next::before {
    inset-block-end: auto;
    height: 1.5rem;
  }
  .trail .next::after {
    inset-block-start: 1.5rem;
    opacity: 0.28;
  }
  .trail .todo::before {
    inset-block-end: auto;
    height: 0.75rem;
    opacity: 0.28;
  }
  .trail .todo {
    padding-block-end: 0;
  }
  .dot {
    position: absolute;
    z-index: 1;
    inset-block-start: calc(0.75rem - var(--dot) / 2);
    inset-inline-start: calc(var(--rail) / 2 - var(--dot) / 2);
    display: grid;
    place-items: center;
    width: var(--dot);
    height: var(--dot);
    background: var(--il-paper);
    border: 5px solid var(--line);
    border-radius: 50%;
    --dot: 2rem;
  }
  .done .dot {
    color: var(--il-line-ink);
    font-size: 0.875rem;
    background: var(--line);
  }
  .next .dot {
    --dot: 2.5rem;
    inset-block-start: calc(1.5rem - var(--dot) / 2);
    border-width: 8px;
  }
  .next .dot::after {
    width: 0.75rem;
    height: 0.75rem;
    background: var(--il-ink);
    border-radius: 50%;
    content: '';
  }
  .todo .dot {
    border-color: color-mix(in srgb, var(--line) 40%, var(--il-paper));
  }
  .already .dot {
    --dot: 2.5rem;
    inset-block-start: 0;
    font-size: 1.125rem;
  }
  /* The line runs on from the form to the person's own station, and reaches it before most pages arrive. */
  :host([leaving]) .next::after,
  :host([leaving]) .todo::before {
    opacity: 1;
  }
  :host([leaving]) .todo .dot {
    background: var(--line);
    border-color: var(--line);
  }
  @media (prefers-reduced-motion: no-preference) {
    :host([leaving]) .next::after,
    :host([leaving]) .todo::before {
      transform-origin: top;
      animation: run 150ms linear backwards;
    }
    :host([leaving]) .todo::before {
      animation: run 40ms 150ms linear backwards;
    }
    :host([leaving]) .todo .dot {
      transition: background 40ms 190ms, border-color 40ms 190ms;
    }
  }
  @keyframes run {
    from {
      scale: 1 0;
    }
  }
  .chosen {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--il-space-4);
    align-items: center;
    justify-content: space-between;
    font-weight: 680;
  }
  .other {
    display: inline-flex;
    gap: var(--il-space-2);
    align-items: center;
    min-height: var(--il-target);
    margin-block: calc((1.5rem - var(--il-target)) / 2);
    font-weight: 400;
  }
  .step {
    display: grid;
    gap: var(--il-space-5);
  }
  .step h1 {
    min-height: 3rem;
    line-height: 1.2;
  }
  .ways {
    display: grid;
    gap: var(--il-space-3);
    padding: 0;
    list-style: none;
  }
  a.way,
  .way {
    display: flex;
    gap: var(--il-space-3);
    align-items: center;
    justify-content: center;
    width: 100%;
    min-height: 3.5rem;
    padding: var(--il-space-2) var(--il-space-4);
    color: var(--il-ink);
    font: inherit;
    font-weight: 680;
    text-align: center;
    text-decoration: none;
    background: var(--il-surface);
    border: 2px solid var(--il-edge);
    border-radius: var(--il-radius);
    cursor: pointer;
  }
  .way:hover {
    background: var(--il-hover);
    border-color: var(--il-ink);
  }
  .way.main {
    color: var(--il-action-ink);
    background: var(--il-action);
    border-color: var(--il-action-edge);
  }
  .way.main:hover {
    background: var(--il-action-hover);
  }
  .already {
    --line: var(--il-line-1);
    display: grid;
    gap: var(--il-space-4);
    padding-inline-start: var(--rail);
  }

  @media (forced-colors: active) {
    .trail > li::before,
    .trail .next::after {
      border-color: CanvasText;
    }
  }
`;
