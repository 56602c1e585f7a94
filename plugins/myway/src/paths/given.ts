import type { PortalElement } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { myway } from '../client.js';

const load = (pathId: string | undefined) => myway.get('/assignments', { query: { ended: 'false', path: pathId } });

/** A running assignment with the progress of its pupils. */
export type Given = Awaited<ReturnType<typeof load>>[number];

/**
 * Running assignments to the teacher's classes, of one path or of all. None for who may not follow classes, or while they cannot be loaded:
 * they only add to what a page shows.
 */
export async function runningAssignments(element: PortalElement, pathId?: string): Promise<Given[]> {
  if (!element.can('progress:read')) return [];
  return load(pathId).catch(() => []);
}

/** Names of the classes that have the path: "3A, 3B". */
export const namesOf = (given: readonly Given[]): string => given.map((each) => each.class.name).join(', ');

export const givenStyles = css`
  .given {
    position: relative;
    z-index: 1;
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--il-space-4);
    padding: 0;
    font-size: var(--il-text-s);
    list-style: none;
  }
  .given a:any-link {
    display: inline-flex;
    gap: var(--il-space-1);
    align-items: center;
    min-height: 2rem;
    color: var(--il-ink);
    font-size: inherit;
    font-weight: 600;
    text-decoration: underline;
    text-decoration-color: var(--il-edge);
  }
  .given a::after {
    content: none;
  }
`;

/** Links to the boards of the classes that have the path: "3A · 12 van 18 bezig". */
export function givenLinks(element: PortalElement, given: readonly Given[]) {
  if (given.length === 0) return nothing;
  return html`<ul class="given" aria-label=${element.t('paths.givenTo')}>
    ${given.map(
      ({ id, class: group, counts }) => html`<li>
        <a href="/opvolging/${id}"><il-icon name="users"></il-icon>${element.t('paths.givenOne', { name: group.name, busy: counts.busy, pupils: counts.pupils })}</a>
      </li>`,
    )}
  </ul>`;
}
