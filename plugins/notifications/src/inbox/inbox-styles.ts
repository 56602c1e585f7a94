import { filterStyles } from '@ilearn/ui';
import { css } from 'lit';

export const inboxStyles = css`
  ${filterStyles}
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: var(--il-space-3);
    align-items: center;
    justify-content: space-between;
    margin-block-end: var(--il-space-4);
  }
  .count {
    font-weight: 600;
    font-variant-numeric: tabular-nums;
  }
  .item {
    display: flex;
    gap: var(--il-space-2);
    align-items: center;
  }
  .item a {
    display: flex;
    flex: 1;
    gap: var(--il-space-3);
    align-items: center;
    min-width: 0;
    min-height: 56px;
    padding: var(--il-space-3);
    color: var(--il-ink);
    text-decoration: none;
    border-radius: var(--il-radius);
  }
  .item a:hover {
    background: var(--il-hover);
  }
  .item a:hover .text {
    text-decoration: underline;
  }
  /* A station: filled while the notification is new. */
  .mark {
    flex: none;
    width: 14px;
    height: 14px;
    border: 2.5px solid var(--il-rule);
    border-radius: 50%;
  }
  .unread .mark {
    background: var(--il-action);
    border-color: var(--il-ink);
  }
  .unread .text {
    font-weight: 650;
  }
  .text {
    overflow-wrap: anywhere;
  }
  .times {
    margin-inline-start: var(--il-space-2);
    color: var(--il-ink-soft);
    font-size: var(--il-text-s);
    white-space: nowrap;
  }
  .when {
    display: block;
  }
  .toggle {
    display: grid;
    flex: none;
    place-items: center;
    width: 44px;
    height: 44px;
    color: var(--il-ink-soft);
    background: none;
    border: 0;
    border-radius: 50%;
    cursor: pointer;
  }
  .toggle:hover {
    color: var(--il-ink);
    background: var(--il-hover);
  }
`;
