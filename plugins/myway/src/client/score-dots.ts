import { css, svg } from 'lit';

export interface Points {
  given: number;
  maximum: number;
}

/** Share of the maximum, from 0 to 1. */
export const shareOf = ({ given, maximum }: Points): number => (maximum > 0 ? Math.min(1, Math.max(0, given / maximum)) : 0);

const DOTS = 10;

/** A score as ten dots, of which the earned ones are filled. The numbers stand beside it, so it is hidden from screen readers. */
export function scoreDots(score: Points) {
  // Only a full score fills all dots, and any point at least one.
  const share = shareOf(score);
  const filled = share === 1 ? DOTS : Math.min(DOTS - 1, share === 0 ? 0 : Math.max(1, Math.round(share * DOTS)));
  return svg`<svg class="score-dots" viewBox="0 0 238 22" aria-hidden="true">
    ${Array.from({ length: DOTS }, (_, index) => svg`<circle class=${index < filled ? 'earned' : ''} cx=${11 + index * 24} cy="11" r="8.5" />`)}
  </svg>`;
}

export const scoreDotsStyles = css`
  .score-dots {
    width: min(100%, 15rem);
    height: auto;
  }
  .score-dots circle {
    fill: none;
    stroke: currentcolor;
    stroke-width: 2.5;
  }
  .score-dots .earned {
    fill: currentcolor;
  }
`;
