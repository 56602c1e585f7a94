import { css } from 'lit';

/** "Who are you?": three parallel lines, each of which turns off to one answer. */
export const forkStyles = css`
  .question {
    position: relative;
    padding-block: var(--il-space-3) var(--il-space-5);
    padding-inline-start: calc(var(--rail) + var(--stop) / 2 + var(--il-space-4));
  }
  .capsule {
    position: absolute;
    inset-block-start: calc(var(--il-space-3) + 0.1em);
    inset-inline-start: calc(var(--far) - 0.5rem);
    width: calc(3 * var(--bar) + 2 * var(--gap) + 1rem);
    height: 2.5rem;
    background: var(--il-surface);
    border: 4px solid var(--il-ink);
    border-radius: 1.25rem;
  }
  .fork {
    padding: 0;
    list-style: none;
  }
  .fork li {
    position: relative;
    padding-block: var(--il-space-2);
    padding-inline-start: var(--rail);
  }
  .turn {
    inset-block: 0 calc(50% - var(--bar) / 2);
    inset-inline-end: calc(100% - var(--rail));
    border-block-end-width: var(--bar);
    border-inline-start-width: var(--bar);
    border-end-start-radius: 1.75rem;
  }
  a.answer {
    position: relative;
    display: flex;
    gap: var(--il-space-4);
    align-items: center;
    min-height: 6rem;
    margin-inline-start: calc(var(--stop) / 2);
    padding: var(--il-space-3) var(--il-space-5) var(--il-space-3) calc(var(--stop) / 2 + var(--il-space-4));
    color: var(--il-ink);
    text-decoration: none;
    background: var(--il-surface);
    border: 2px solid var(--il-rule);
    border-radius: calc(var(--il-radius) * 1.6);
    transition: border-color 120ms, background-color 120ms;
  }
  .answer > il-icon {
    color: var(--il-ink-soft);
    transition: translate 120ms;
  }
  .answer:hover {
    background: var(--il-surface);
    border-color: var(--line);
  }
  .answer:hover > il-icon {
    color: var(--il-ink);
    translate: 4px 0;
  }
  .stop {
    position: absolute;
    inset-inline-start: calc(var(--stop) / -2 - 2px);
    display: grid;
    place-items: center;
    width: var(--stop);
    height: var(--stop);
    font-size: 1.5rem;
    background: var(--il-surface);
    border: var(--bar) solid var(--line);
    border-radius: 50%;
    transition: color 120ms, background-color 120ms;
  }
  .answer:hover .stop,
  .answer:focus-visible .stop {
    color: var(--il-line-ink);
    background: var(--line);
  }
  .name,
  .about {
    display: block;
  }
  .name {
    font-size: 1.25rem;
    font-weight: 700;
    line-height: 1.25;
  }
  .about {
    margin-top: var(--il-space-1);
    color: var(--il-ink-soft);
  }

  @media (max-width: 30rem) {
    .answer {
      gap: var(--il-space-3);
      padding-inline-end: var(--il-space-3);
    }
    .name {
      font-size: 1.125rem;
    }
  }
  @media (forced-colors: active) {
    .turn {
      border-color: CanvasText;
    }
  }
`;
