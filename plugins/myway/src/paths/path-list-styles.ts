import { css } from 'lit';

export const pathListStyles = css`
  .tabs {
    display: flex;
    flex-wrap: wrap;
    gap: var(--il-space-5);
  }
  .tabs a {
    display: inline-flex;
    align-items: center;
    min-height: var(--il-target);
    color: var(--il-ink-soft);
    font-weight: 600;
    text-decoration: none;
    border-bottom: 3px solid transparent;
  }
  .tabs a:hover {
    color: var(--il-ink);
  }
  .tabs a[aria-current] {
    color: var(--il-ink);
    border-color: var(--il-ink);
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: var(--il-space-4);
    align-items: end;
    justify-content: space-between;
  }
  .bar wa-input {
    flex: 0 1 20rem;
  }
  .language {
    display: inline-flex;
    gap: var(--il-space-2);
    align-items: center;
  }
  .language select {
    min-height: var(--il-target);
    padding: 0 var(--il-space-2);
    color: var(--il-ink);
    font: inherit;
    background: var(--il-surface);
    border: 1px solid var(--il-edge);
    border-radius: var(--il-radius);
  }
  .path {
    position: relative;
    display: grid;
    grid-template-columns: 10rem minmax(0, 1fr) auto;
    gap: var(--il-space-2) var(--il-space-5);
    align-items: center;
    padding: var(--il-space-4) var(--il-space-2);
    border-bottom: 1px solid var(--il-rule);
  }
  .path:has(> .about a:hover) {
    background: var(--il-hover);
  }
  .about {
    min-width: 0;
  }
  .about a {
    color: inherit;
    font-size: var(--il-text-l);
    font-weight: 680;
    text-decoration: none;
  }
  .about a::after {
    position: absolute;
    inset: 0;
    content: '';
  }
  .about a:focus-visible {
    outline: none;
  }
  .about a:focus-visible::after {
    outline: 3px solid var(--il-focus);
    outline-offset: -3px;
    border-radius: 4px;
  }
  .path .actions {
    position: relative;
    z-index: 1;
    flex-wrap: nowrap;
  }
  /* Where there is a pointer, the acts of a row appear with it or with the focus. */
  @media (hover: hover) {
    .path:not(:hover, :focus-within) .quiet {
      opacity: 0;
    }
  }
  @media (max-width: 48rem) {
    .path {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;
