import { css } from 'lit';

/** Large buttons on a narrow or much enlarged screen: their words get all the room, in several lines if need be. */
export const narrowActions = css`
  @media (max-width: 24rem) {
    .actions {
      min-width: 0;
    }
    .actions il-icon[slot] {
      display: none;
    }
    .actions wa-button {
      max-width: 100%;
    }
    .actions wa-button::part(base) {
      height: auto;
      min-height: var(--il-target);
      padding: var(--il-space-2) var(--il-space-3);
    }
    .actions wa-button::part(label) {
      min-width: 0;
      white-space: normal;
    }
  }
`;
