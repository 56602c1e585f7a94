import { css } from 'lit';

export const mailStyles = css`
  .filters {
    display: flex;
    flex-wrap: wrap;
    gap: var(--il-space-2);
    margin: 0 0 var(--il-space-4);
    padding: 0;
    list-style: none;
  }
  .filters a {
    display: inline-flex;
    align-items: center;
    min-height: var(--il-target);
    padding-inline: var(--il-space-3);
    color: var(--il-ink);
    text-decoration: none;
    border: 1px solid var(--il-edge);
    border-radius: var(--il-radius);
  }
  .filters a:hover {
    background: var(--il-hover);
  }
  .filters a[aria-current='page'] {
    color: var(--il-paper);
    background: var(--il-ink);
    border-color: var(--il-ink);
  }
  .mails {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .mails li {
    padding-block: var(--il-space-4);
    border-block-start: 1px solid var(--il-rule);
  }
  .mails h2 {
    margin: 0;
    font-size: var(--il-text-l);
    overflow-wrap: anywhere;
  }
  .mails p {
    margin-block: var(--il-space-1);
    overflow-wrap: anywhere;
  }
  .text {
    white-space: pre-wrap;
  }
  summary {
    min-height: var(--il-target);
    cursor: pointer;
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: var(--il-space-3);
    align-items: center;
    margin-block-start: var(--il-space-2);
  }
`;
