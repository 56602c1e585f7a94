import { html } from 'lit';
import type { WishState } from '../states.js';

const icons: Record<WishState, string> = {
  new: 'circle',
  considered: 'eye',
  planned: 'flag',
  underway: 'route',
  done: 'circle-check',
  declined: 'circle-x',
};

/** How far a wish is, with an icon. */
export const wishState = (t: (key: string) => string, state: WishState) =>
  html`<wa-tag size="small" variant=${state === 'done' ? 'success' : 'neutral'}><il-icon name=${icons[state]}></il-icon> ${t(`wishes.states.${state}`)}</wa-tag>`;
