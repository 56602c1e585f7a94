import { css } from 'lit';

export const pluginsStyles = css`
  .plugin {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: var(--il-space-2) var(--il-space-5);
    align-items: start;
    padding: var(--il-space-4) 0;
    border-bottom: 1px solid var(--il-rule);
  }
  .plugin > :not(.actions) {
    display: grid;
    gap: var(--il-space-2);
    min-width: 0;
  }
  .name {
    display: flex;
    flex-wrap: wrap;
    gap: var(--il-space-1) var(--il-space-3);
    align-items: baseline;
  }
  .state {
    display: inline-flex;
    gap: var(--il-space-2);
    align-items: center;
    font-weight: 600;
  }
  .good {
    color: var(--il-good);
  }
  .bad {
    color: var(--il-bad);
  }
  .actions {
    flex-wrap: nowrap;
  }
  .cause {
    display: grid;
    gap: var(--il-space-2);
    padding-inline-start: var(--il-space-4);
    border-inline-start: 4px solid var(--il-bad);
  }
  .cause p {
    overflow-wrap: anywhere;
    white-space: pre-line;
  }
  code {
    overflow-wrap: anywhere;
  }
  @media (max-width: 40rem) {
    .plugin {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;
