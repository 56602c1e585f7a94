import { html, nothing } from 'lit';

/** A page of a list that has `next`. */
interface Page {
  next: string | null;
}

/** Query of a page of a list; null: the first. */
export const queryOf = (after: string | null) => (after === null ? {} : { after });

/**
 * Buttons below a list that is read in pages.
 *
 * @param after where the shown page begins; null: it is the first
 * @param words texts of the two buttons
 * @param go called with where the wanted page begins
 */
export function pager(
  { next }: Page,
  after: string | null,
  words: { next: string; first: string },
  go: (to: string | null) => void,
) {
  if (next === null && after === null) return nothing;
  const button = (text: string, to: string | null) =>
    html`<wa-button appearance="outlined" @click=${() => go(to)}>${text}</wa-button>`;
  return html`<p class="actions">
    ${after === null ? nothing : button(words.first, null)} ${next === null ? nothing : button(words.next, next)}
  </p>`;
}
