import { css } from 'lit';

/** Six doors in two rows; on a phone, six rows. Each door has the colour of a line. */
export const doorsStyles = css`
  .head {
    display: grid;
    gap: var(--il-space-3);
  }
  .head .intro {
    font-size: var(--il-text-l);
  }
  .doors {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr));
    gap: var(--il-space-5);
    padding: 0;
    list-style: none;
  }
  li {
    display: grid;
  }
  .pupil {
    --line: var(--il-line-2);
  }
  .planner {
    --line: var(--il-line-5);
  }
  .teacher {
    --line: var(--il-line-1);
  }
  .coordinator {
    --line: var(--il-line-3);
  }
  .principal {
    --line: var(--il-line-4);
  }
  .administrator {
    --line: var(--il-line-8);
  }
  button {
    position: relative;
    display: grid;
    grid-template-rows: auto auto 1fr auto;
    gap: var(--il-space-2);
    justify-items: center;
    padding: var(--il-space-6) var(--il-space-5) calc(var(--il-space-5) + 8px);
    color: var(--il-ink);
    font: inherit;
    text-align: center;
    background: var(--il-surface);
    border: 2px solid var(--il-rule);
    border-radius: 7rem 7rem var(--il-radius) var(--il-radius);
    box-shadow: inset 0 -8px 0 var(--line);
    cursor: pointer;
    transition: border-color 120ms;
  }
  button:hover,
  button:focus-visible {
    border-color: var(--line);
  }
  button:focus-visible {
    border-radius: 7rem 7rem var(--il-radius) var(--il-radius);
  }
  button[aria-disabled='true'] {
    cursor: progress;
  }
  .stop {
    display: grid;
    place-items: center;
    width: 4.5rem;
    height: 4.5rem;
    font-size: 1.75rem;
    background: var(--il-surface);
    border: 8px solid var(--line);
    border-radius: 50%;
    transition: color 120ms, background-color 120ms;
  }
  button:hover .stop,
  button:focus-visible .stop {
    color: var(--il-line-ink);
    background: var(--line);
  }
  .name {
    font-size: var(--il-text-l);
    font-weight: 720;
    line-height: 1.25;
  }
  .who {
    color: var(--il-ink-soft);
  }
  .what {
    text-wrap: balance;
  }

  @media (max-width: 40rem) {
    .doors {
      gap: var(--il-space-3);
    }
    button,
    button:focus-visible {
      border-radius: 4rem var(--il-radius) var(--il-radius) 4rem;
    }
    button {
      grid-template-rows: auto;
      grid-template-columns: auto 1fr;
      gap: 0 var(--il-space-4);
      justify-items: start;
      padding: var(--il-space-3) var(--il-space-4) var(--il-space-3) var(--il-space-3);
      text-align: start;
      box-shadow: inset -8px 0 0 var(--line);
    }
    .stop {
      grid-row: 1 / span 3;
      align-self: center;
      width: 4rem;
      height: 4rem;
    }
    .what {
      text-wrap: pretty;
    }
  }
  @media (forced-colors: active) {
    .stop {
      border-color: ButtonText;
    }
  }
`;
