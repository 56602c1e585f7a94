import { css } from 'lit';

/** The network map. Narrow screens show only the lines of the choices. */
export const posterStyles = css`
  .poster {
    position: relative;
    display: grid;
    align-items: end;
    overflow: hidden;
    color: var(--il-ink);
    color-scheme: dark;
    background: var(--il-sunk);
  }
  .network {
    position: absolute;
    inset: 0;
    display: none;
    width: 100%;
    height: 100%;
  }
  .network path {
    fill: none;
    stroke-width: 12;
    stroke-linecap: round;
  }
  .line-1 {
    stroke: var(--il-line-1);
  }
  .line-2 {
    stroke: var(--il-line-2);
  }
  .line-3 {
    stroke: var(--il-line-3);
  }
  .line-4 {
    stroke: var(--il-line-4);
  }
  .line-5 {
    stroke: var(--il-line-5);
  }
  .network circle {
    fill: var(--il-sunk);
    stroke: var(--il-ink);
    stroke-width: 4;
  }
  .network .interchange {
    stroke-width: 6;
  }
  .network text {
    fill: var(--il-ink);
    font-size: 19px;
    font-weight: 600;
  }
  .bend {
    position: absolute;
    inset-block: var(--top) 0;
    inset-inline: calc(var(--edge) + var(--at)) -1px;
    border: 0 solid var(--line);
    border-block-start-width: var(--bar);
    border-inline-start-width: var(--bar);
    border-start-start-radius: var(--curve);
  }
  .bend.pupil {
    --at: var(--near);
    --top: calc(1.5rem + 2 * var(--bar) + 2 * var(--gap));
    --curve: 1.25rem;
  }
  .bend.staff {
    --at: var(--middle);
    --top: calc(1.5rem + var(--bar) + var(--gap));
    --curve: 2rem;
  }
  .bend.provider {
    --at: var(--far);
    --top: 1.5rem;
    --curve: 2.75rem;
  }
  .bend.alone {
    --at: var(--middle);
  }
  .motto {
    position: relative;
    display: grid;
    gap: var(--il-space-1);
    padding: 5rem var(--il-space-5) var(--il-space-5);
    padding-inline-start: calc(var(--edge) + var(--rail) + var(--il-space-3));
    font-size: var(--il-text-s);
  }
  .motto-line {
    font-size: 1.375rem;
    font-weight: 740;
    line-height: 1.15;
    letter-spacing: -0.02em;
    text-wrap: balance;
  }

  @media (min-width: 60rem) {
    .network {
      display: block;
    }
    .bend {
      display: none;
    }
    .motto {
      gap: var(--il-space-2);
      padding: var(--il-space-8) var(--il-space-7) var(--il-space-7);
      font-size: var(--il-text-m);
      background: linear-gradient(to top, var(--il-sunk) 70%, transparent);
    }
    .motto-line {
      font-size: clamp(1.75rem, 2.6vw, 2.5rem);
    }
  }
`;
