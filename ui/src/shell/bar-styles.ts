import { css } from 'lit';

export const barStyles = css`
  :host {
    position: var(--il-sticky);
    inset-block-start: 0;
    z-index: 100;
  }
  .skip {
    position: absolute;
    inset-block-start: var(--il-space-2);
    inset-inline-start: var(--il-space-2);
    z-index: 200;
    padding: var(--il-space-3) var(--il-space-4);
    color: var(--il-paper);
    font: inherit;
    background: var(--il-ink);
    border: 0;
    border-radius: var(--il-radius);
  }
  .skip:not(:focus) {
    transform: translateY(-200%);
  }
  header {
    position: relative;
    display: flex;
    gap: var(--il-space-2);
    align-items: center;
    height: var(--il-bar-height);
    padding-inline: var(--il-space-5) var(--il-space-5);
    background: var(--il-paper);
  }
  /* The line that continues the logo's stem. */
  .home::after {
    position: absolute;
    inset-block-end: 0;
    inset-inline: 38px -100vw;
    height: 4px;
    background: var(--il-ink);
    content: '';
  }
  header {
    overflow-x: clip;
  }
  .home:any-link {
    position: relative;
    display: flex;
    flex: none;
    align-items: center;
    height: 100%;
    color: var(--il-ink);
    text-decoration: none;
  }
  .home:focus-visible {
    outline-offset: -4px;
    border-radius: 12px;
  }
  .glyph {
    display: block;
    align-self: end;
    overflow: visible;
  }
  /* In a higher bar, the dot stays above the middle of the name. */
  .raised {
    translate: 0 calc((56px - var(--il-bar-height)) / 2);
  }
  .stem {
    fill: none;
    stroke: var(--il-ink);
    stroke-width: 4;
  }
  .dot {
    fill: var(--il-action);
    stroke: var(--il-action-edge);
    stroke-width: 2.5;
  }
  .word {
    margin-inline-start: -20px;
    font-size: 1.375rem;
    font-weight: 760;
    letter-spacing: -0.02em;
  }
  .place {
    flex: 1;
    min-width: 0;
    padding-inline: var(--il-space-3);
    overflow: hidden;
    color: var(--il-ink-soft);
    font-size: var(--il-text-s);
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .menus {
    display: flex;
    flex: none;
    gap: var(--il-space-1);
    align-items: center;
  }
  .button {
    display: inline-flex;
    gap: var(--il-space-2);
    align-items: center;
    justify-content: center;
    min-width: var(--il-bar-target);
    height: var(--il-bar-target);
    padding-inline: var(--il-space-2);
    color: var(--il-ink);
    font: inherit;
    font-size: var(--il-text-m);
    font-weight: 600;
    background: none;
    border: 0;
    border-radius: calc(var(--il-bar-target) / 2);
    cursor: pointer;
  }
  .button:hover,
  .button[aria-expanded='true'] {
    background: var(--il-hover);
  }
  .code {
    font-size: 0.875rem;
    letter-spacing: 0.03em;
  }
  .initials {
    display: grid;
    flex: none;
    place-items: center;
    width: 32px;
    height: 32px;
    color: var(--il-paper);
    font-size: 0.8125rem;
    font-weight: 700;
    background: var(--il-ink);
    border-radius: 50%;
  }
  .who {
    max-width: 16rem;
    padding-inline-start: 6px;
  }
  .name {
    overflow: hidden;
    font-weight: 500;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .caret {
    font-size: 0.9rem;
  }
  .own,
  wa-dropdown:not(:defined) {
    display: contents;
  }
  wa-dropdown:not(:defined) > wa-dropdown-item {
    display: none;
  }
  wa-dropdown-item {
    min-height: 44px;
  }
  @media (min-width: 1024px) {
    .menu.narrow {
      display: none;
    }
  }
  @media (max-width: 640px) {
    header {
      padding-inline: var(--il-space-3);
    }
    .caret,
    .place {
      display: none;
    }
    .name {
      position: absolute;
      clip-path: inset(50%);
    }
    .menus {
      gap: 0;
      margin-inline-start: auto;
    }
    .who {
      padding-inline: 6px;
    }
  }
  /* With the menu, and actions of plugins, seven buttons side by side. */
  @media (max-width: 23rem) {
    header {
      gap: var(--il-space-1);
      padding-inline: var(--il-space-2);
    }
    .word {
      display: none;
    }
    .code {
      position: absolute;
      clip-path: inset(50%);
    }
    .button {
      min-width: 36px;
      padding-inline: var(--il-space-1);
    }
    .who {
      padding-inline: var(--il-space-1);
    }
  }
  @media (forced-colors: active) {
    .stem {
      stroke: CanvasText;
    }
    .home::after {
      background: CanvasText;
    }
  }
`;
