import { css } from 'lit';

/** Layout of poster and board, and the sizes that their lines share. */
export const stageStyles = css`
  :host {
    --bar: 0.5rem;
    --gap: 0.25rem;
    --rail: 4.75rem;
    /* Diameter of a station on the fork. */
    --stop: 4rem;
    --edge: var(--il-space-3);
    --far: calc(var(--rail) / 2 - 1.5 * var(--bar) - var(--gap));
    --middle: calc(var(--rail) / 2 - 0.5 * var(--bar));
    --near: calc(var(--rail) / 2 + 0.5 * var(--bar) + var(--gap));
  }
  .pupil {
    --line: var(--il-line-2);
  }
  .staff {
    --line: var(--il-line-1);
  }
  .provider {
    --line: var(--il-line-4);
  }
  .stage {
    display: grid;
    grid-template-rows: auto 1fr;
    min-height: calc(100dvh - var(--il-bar-height));
    /* Full width: undoes the padding of the shell's main area. */
    margin: calc(-1 * var(--il-main-top)) calc(-1 * var(--il-main-inline)) calc(-1 * var(--il-main-bottom));
  }
  .board {
    display: grid;
    grid-template-rows: minmax(var(--il-space-6), 1fr) auto minmax(var(--il-space-6), 1.5fr);
    grid-template-columns: minmax(0, 32rem);
    justify-content: center;
    padding-inline: var(--edge) var(--il-space-4);
  }
  .trunk {
    position: relative;
  }
  .bar,
  .turn {
    position: absolute;
    border: 0 solid var(--line);
  }
  .bar {
    inset-block: 0;
    inset-inline-start: var(--middle);
    border-inline-start-width: var(--bar);
  }
  .bar.pupil,
  .turn.pupil {
    inset-inline-start: var(--near);
  }
  .bar.staff,
  .turn.staff {
    inset-inline-start: var(--middle);
  }
  .bar.provider,
  .turn.provider {
    inset-inline-start: var(--far);
  }
  .content {
    position: relative;
    grid-row: 2;
  }
  h1 {
    font-size: clamp(1.875rem, 3.2vw, 2.5rem);
    font-weight: 740;
    letter-spacing: -0.02em;
  }

  @media (max-width: 30rem) {
    :host {
      --rail: 3.75rem;
      --stop: 3.5rem;
    }
  }
  @media (min-width: 30.01rem) and (max-width: 59.99rem) {
    :host {
      --edge: max(var(--il-space-5), 50vw - 17rem);
    }
    .board {
      justify-content: start;
    }
  }
  @media (min-width: 60rem) {
    .stage {
      grid-template-rows: 1fr;
      grid-template-columns: minmax(0, 5fr) minmax(0, 6fr);
    }
    .board {
      padding-inline: var(--il-space-6);
    }
  }
  @media (forced-colors: active) {
    .bar {
      border-color: CanvasText;
    }
  }
`;
