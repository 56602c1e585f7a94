import type { PortalElement } from '@ilearn/ui';
import { html, nothing } from 'lit';
import type { BoardAddress } from './board-address.js';
import type { Board } from './model.js';
import { type Filter, filters } from './rows.js';
import { cellLooks, lookIcons } from './states.js';

/** The numbers in the sentence above the board, in its order; each leads to its filter. */
const counted = [
  ['allen', 'pupils'],
  ['vast', 'stuck'],
  ['laag', 'low'],
  ['bezig', 'busy'],
  ['niet-begonnen', 'notStarted'],
  ['klaar', 'complete'],
] as const satisfies readonly (readonly [Filter, string])[];

/** The class, between links to the boards of the other classes that have the path. */
export function classSwitcher(element: PortalElement, { assignment, siblings }: Board) {
  const { name } = assignment.class;
  if (siblings.length < 2) return html`<span class="strong">${name}</span>`;
  const at = siblings.findIndex(({ id }) => id === assignment.id);
  const link = (by: 1 | -1, icon: string, key: string) => {
    const to = siblings[at + by];
    if (!to) return html`<span class="end" aria-hidden="true"><il-icon name=${icon}></il-icon></span>`;
    const label = element.t(key, { name: to.name });
    return html`<a href="/opvolging/${to.id}" aria-label=${label} title=${label}><il-icon name=${icon}></il-icon></a>`;
  };
  return html`<nav class="switch" aria-label=${element.t('board.classes')}>
    ${link(-1, 'chevron-left', 'board.previousClass')}<span>${name}</span>${link(1, 'chevron-right', 'board.nextClass')}
  </nav>`;
}

/** How many pupils are in which state, each number a link to its filter. */
export function sentence(element: PortalElement, { rows }: Board, address: BoardAddress) {
  const { filter } = address;
  const links = counted.flatMap(([name, key]) => {
    const count = rows.filter(filters[name]).length;
    if (count === 0 && name !== filter) return [];
    return html`<li>
      <a class=${name} href=${address.with({ filter: name })} aria-current=${name === filter ? 'true' : nothing}>
        ${name === 'vast' ? html`<il-icon name="triangle-alert"></il-icon>` : nothing}${element.t(`followUp.count.${key}`, { count })}
      </a>
    </li>`;
  });
  return html`<ul class="sentence" aria-label=${element.t('board.show')}>${links}</ul>`;
}

/** What the signs in the cells mean. */
export function legend(element: PortalElement) {
  return html`<ul class="legend screen-only" aria-label=${element.t('board.legend')}>
    ${cellLooks.map(
      (look) =>
        html`<li><span class="swatch look-${look}"><il-icon name=${lookIcons[look]}></il-icon></span>${element.t(`board.look.${look}`)}</li>`,
    )}
    <li><span class="swatch other"></span>${element.t('board.other')}</li>
  </ul>`;
}
