import { css } from 'lit';

export const catalogueStyles = css`
  :host {
    container-type: inline-size;
  }
  form {
    position: relative;
  }
  form il-icon {
    position: absolute;
    inset-block-start: 50%;
    inset-inline-start: var(--il-space-4);
    font-size: 1.25rem;
    transform: translateY(-50%);
    pointer-events: none;
  }
  input[type='search'] {
    width: 100%;
    height: 56px;
    padding: 0 var(--il-space-4) 0 3rem;
    color: inherit;
    font: inherit;
    font-size: var(--il-text-l);
    background: var(--il-surface);
    border: 2px solid var(--il-ink);
    border-radius: var(--il-radius);
  }
  input[type='search']::placeholder {
    color: var(--il-ink-soft);
    opacity: 1;
  }
  .columns {
    display: grid;
    gap: var(--il-space-6) var(--il-space-7);
  }
  section {
    min-width: 0;
  }
  details {
    border-bottom: 1px solid var(--il-rule);
  }
  summary {
    display: flex;
    align-items: center;
    min-height: var(--il-target);
    font-weight: 680;
    list-style: none;
    cursor: pointer;
  }
  summary::-webkit-details-marker {
    display: none;
  }
  details[open] > summary il-icon {
    transform: rotate(180deg);
  }
  details [role='group'] {
    padding-bottom: var(--il-space-3);
  }
  label {
    display: flex;
    gap: var(--il-space-2);
    align-items: start;
    min-height: 36px;
    padding: 6px var(--il-space-2) 6px 0;
    line-height: 1.35;
    border-radius: 6px;
    cursor: pointer;
    overflow-wrap: anywhere;
  }
  label:hover {
    background: var(--il-hover);
  }
  input[type='checkbox'] {
    flex: none;
    width: 20px;
    height: 20px;
    margin: 1px 0 0;
    accent-color: var(--il-ink);
  }
  .count {
    color: var(--il-ink-soft);
    font-size: var(--il-text-s);
    font-variant-numeric: tabular-nums;
  }
  article {
    display: grid;
    gap: var(--il-space-3) var(--il-space-5);
    padding: var(--il-space-4) var(--il-space-1);
    border-bottom: 1px solid var(--il-rule);
  }
  article .main,
  .next {
    display: grid;
    gap: var(--il-space-1);
    align-content: start;
    min-width: 0;
  }
  .next {
    justify-items: start;
  }
  h3 a:any-link {
    color: inherit;
    text-decoration-color: transparent;
  }
  h3 a:hover {
    text-decoration-color: currentcolor;
  }
  .about {
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  @container (min-width: 36rem) {
    article {
      grid-template-columns: minmax(0, 1fr) 11rem;
    }
  }
  @container (min-width: 56rem) {
    .columns {
      grid-template-columns: 15rem minmax(0, 1fr);
    }
  }
`;
