import { stateStyles } from '@ilearn/ui';
import { css } from 'lit';

/** Look of the state of a ticket, of its conversation, and of forms. */
export const ticketStyles = css`
  ${stateStyles}
  form,
  .form {
    display: grid;
    gap: var(--il-space-4);
    max-width: 44rem;
  }
  .state {
    white-space: nowrap;
  }
  .note-box {
    padding: var(--il-space-3) var(--il-space-4);
    border-radius: var(--il-radius);
    background: var(--il-sunk);
  }
  ol.thread {
    display: grid;
    gap: var(--il-space-4);
    padding: 0;
    list-style: none;
  }
  .message {
    max-width: 46rem;
    padding: var(--il-space-3) var(--il-space-4);
    border-radius: var(--il-radius);
    background: var(--il-surface);
    border: 1px solid var(--il-rule);
  }
  .message.mine {
    margin-inline-start: var(--il-space-6);
  }
  .message.note {
    background: var(--il-warn-fill);
    border-style: dashed;
    border-color: var(--il-warn);
  }
  .message.automatic {
    color: var(--il-ink-soft);
    background: none;
  }
  .message .text {
    margin: var(--il-space-2) 0 0;
    white-space: pre-line;
    overflow-wrap: anywhere;
  }
  .files {
    display: flex;
    flex-wrap: wrap;
    gap: var(--il-space-2) var(--il-space-4);
    padding: 0;
    list-style: none;
  }
  .trace {
    display: grid;
    gap: var(--il-space-1);
    padding: 0;
    font-size: var(--il-text-s);
    list-style: none;
  }
  .trace .failed {
    color: var(--il-bad);
    font-weight: 600;
  }
  @media (max-width: 40rem) {
    .message.mine {
      margin-inline-start: 0;
    }
  }
`;
