import { filterStyles } from '@ilearn/ui';
import { css } from 'lit';

export const mailStyles = css`
  ${filterStyles}
  .filters {
    margin-block-end: var(--il-space-4);
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
