import { svg } from 'lit';

/** The portal's logo: the dot of the i is a station, and its stem bends into the line below the bar. */
export const logo = svg`
  <svg class="glyph" viewBox="0 0 40 48" width="40" height="48" aria-hidden="true">
    <path class="stem" d="M12 21 V36 a10 10 0 0 0 10 10 H40" />
    <path class="stem raised" d="M12 36 V21" />
    <circle class="dot raised" cx="12" cy="10" r="6" />
  </svg>
`;
