import { css } from 'lit';

export const dialogStyles = css`
  dialog {
    flex-direction: column;
    width: min(40rem, calc(100vw - 2rem));
    max-height: min(40rem, calc(100dvh - 6rem));
    margin: clamp(1rem, 10dvh, 7rem) auto auto;
    padding: 0;
    overflow: hidden;
    color: var(--il-ink);
    white-space: normal;
    background: var(--il-surface);
    border: 0;
    border-radius: calc(var(--il-radius) * 1.5);
    box-shadow: var(--il-shadow);
  }
  dialog[open] {
    display: flex;
    animation: arrive 120ms ease-out;
  }
  dialog::backdrop {
    background: var(--il-veil);
  }
  .field {
    display: flex;
    flex: none;
    gap: var(--il-space-3);
    align-items: center;
    padding: var(--il-space-2) var(--il-space-2) var(--il-space-2) var(--il-space-4);
    border-block-end: 1px solid var(--il-rule);
  }
  .field > il-icon {
    flex: none;
    color: var(--il-ink-soft);
  }
  .field:focus-within {
    box-shadow: inset 0 -3px 0 var(--il-focus);
  }
  input {
    flex: 1;
    min-width: 0;
    min-height: max(44px, var(--il-target));
    padding: 0;
    color: inherit;
    font: inherit;
    font-size: max(1rem, var(--il-text-m));
    background: none;
    border: 0;
  }
  input:focus-visible {
    outline: none;
  }
  input::placeholder {
    color: var(--il-ink-soft);
    opacity: 1;
  }
  .close {
    display: grid;
    flex: none;
    place-items: center;
    width: 44px;
    height: 44px;
    color: var(--il-ink-soft);
    font: inherit;
    font-size: 1.25rem;
    background: none;
    border: 0;
    border-radius: 50%;
    cursor: pointer;
  }
  .close:hover {
    color: var(--il-ink);
    background: var(--il-hover);
  }
  .found {
    flex: 1;
    min-height: 0;
    padding: var(--il-space-2);
    overflow-y: auto;
    overscroll-behavior: contain;
  }
  .heading {
    display: flex;
    gap: var(--il-space-2);
    align-items: baseline;
    padding: var(--il-space-3) var(--il-space-3) var(--il-space-1);
    color: var(--il-ink-soft);
    font-size: var(--il-text-s);
    font-weight: 650;
  }
  .heading il-icon {
    align-self: center;
  }
  .heading .first {
    font-weight: 400;
  }
  .old {
    opacity: 0.6;
  }
  a:any-link {
    display: flex;
    flex-direction: column;
    justify-content: center;
    min-height: var(--il-target);
    padding: 6px var(--il-space-3);
    color: inherit;
    text-decoration: none;
    border-radius: var(--il-radius);
  }
  a.page:any-link {
    flex-direction: row;
    gap: var(--il-space-3);
    align-items: center;
    justify-content: start;
  }
  a:any-link:hover {
    background: var(--il-hover);
  }
  a[aria-selected='true']:any-link {
    background: var(--il-hover);
    outline: 2px solid var(--il-ink);
    outline-offset: -2px;
  }
  .title,
  .detail {
    overflow-wrap: anywhere;
  }
  .detail {
    color: var(--il-ink-soft);
    font-size: var(--il-text-s);
  }
  .note {
    padding: var(--il-space-1) var(--il-space-3) var(--il-space-2);
  }
  /* Most sources answer before a placeholder would have been read. */
  il-skeleton {
    padding-inline: var(--il-space-3);
    animation: appear 1ms 250ms both;
  }
  .failed {
    display: flex;
    gap: var(--il-space-2);
    align-items: baseline;
    color: var(--il-bad);
  }
  .retry {
    min-height: 44px;
    padding-inline: var(--il-space-4);
    color: inherit;
    font: inherit;
    font-weight: 600;
    background: none;
    border: 1.5px solid var(--il-edge);
    border-radius: 22px;
    cursor: pointer;
  }
  .retry:hover {
    background: var(--il-hover);
  }
  .status {
    flex: none;
    max-width: none;
    min-height: 2.75em;
    padding: var(--il-space-2) var(--il-space-5);
    color: var(--il-ink-soft);
    font-size: var(--il-text-s);
    border-block-start: 1px solid var(--il-rule);
  }
  @keyframes arrive {
    from {
      opacity: 0;
      transform: translateY(-8px);
    }
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    dialog[open] {
      animation: none;
    }
  }
  @media (max-width: 640px) {
    dialog {
      width: 100vw;
      max-width: none;
      height: 100dvh;
      max-height: none;
      margin: 0;
      border-radius: 0;
    }
  }
`;
