import { type PortalElement, stateStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';

/** Look of {@link academyTabs} and of the words beside an event. */
export const tabStyles = css`
  ${stateStyles}
  nav.tabs ul {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--il-space-5);
    padding: 0;
    border-bottom: 1px solid var(--il-rule);
    list-style: none;
  }
  nav.tabs a:any-link {
    display: flex;
    align-items: center;
    min-height: var(--il-target);
    color: var(--il-ink-soft);
    font-weight: 600;
    text-decoration: none;
    border-bottom: 3px solid transparent;
  }
  nav.tabs a:hover {
    color: var(--il-ink);
  }
  nav.tabs a[aria-current] {
    color: var(--il-ink);
    border-color: var(--il-ink);
  }
`;

const pages = [
  { path: '/academie', text: 'catalogue.title', permission: 'academy:enrol' },
  { path: '/academie/mijn', text: 'mine.title', permission: 'academy:enrol' },
  { path: '/academie/attesten', text: 'certificates.title', permission: 'academy:enrol' },
  { path: '/academie/coaching', text: 'coaching.title', permission: 'academy:enrol' },
  { path: '/academie/team', text: 'team.title', permission: 'academy:team' },
] as const;

/** Links between the pages of the academy for people of schools. */
export function academyTabs(page: PortalElement, current: (typeof pages)[number]['path']) {
  const open = pages.filter(({ permission }) => page.can(permission));
  if (open.length < 2) return nothing;
  return html`<nav class="tabs" aria-label=${page.t('plugin.title')}>
    <ul>
      ${open.map(
        ({ path, text }) =>
          html`<li><a href=${path} aria-current=${path === current ? 'page' : nothing}>${page.t(text)}</a></li>`,
      )}
    </ul>
  </nav>`;
}
