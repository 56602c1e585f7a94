import type { Answer } from '@ilearn/core';
import { PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { privacy } from '../client.js';
import type { ownRoutes } from './routes.js';

type Part = Answer<typeof ownRoutes, 'GET', '/own/overview'>['parts'][number];

/** Pictures of the modules that come with the portal; others have a page with lines. */
const pictures: Record<string, string> = {
  kernel: 'lock',
  directory: 'school',
  login: 'key-round',
  myway: 'route',
  library: 'library',
  lti: 'puzzle',
  licences: 'ticket',
  notifications: 'bell',
  helpdesk: 'mail',
  academy: 'presentation',
  privacy: 'shield-check',
};

/** What the portal knows about a child, with pictures and short sentences: what, who sees it, and for how long. */
@customElement('privacy-child-overview')
export class ChildOverview extends PortalElement {
  static override ns = 'privacy';
  static override styles = [
    sharedStyles,
    css`
      section + section {
        margin-block-start: var(--il-space-6);
      }
      ul {
        display: grid;
        gap: var(--il-space-4);
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
        grid-template-columns: 3.5rem minmax(0, 1fr);
        gap: var(--il-space-4);
        align-items: start;
        padding-bottom: var(--il-space-4);
        border-bottom: 1px solid var(--il-rule);
      }
      .picture {
        display: grid;
        place-items: center;
        width: 3.5rem;
        height: 3.5rem;
        border-radius: 50%;
        font-size: 1.75rem;
        color: var(--il-ink);
        background: var(--il-surface-2, var(--il-surface));
        border: 3px solid currentcolor;
      }
      h3 {
        display: flex;
        gap: var(--il-space-2);
        align-items: center;
        margin: 0;
      }
      p {
        margin: 0;
      }
    `,
  ];

  #overview = new Task(this, { task: (_, { signal }) => privacy.get('/own/overview', { signal }), args: () => [] as const });

  override render() {
    return html`
      <section class="stack" aria-labelledby="what">
        <h2 id="what">${this.t('own.child.what')}</h2>
        ${this.#overview.render({
          pending: () => html`<il-skeleton lines="8"></il-skeleton>`,
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#overview.run()}></il-problem>`,
          complete: ({ parts }) => html`<ul>${parts.map((part) => this.#part(part))}</ul>`,
        })}
      </section>
      <section class="stack" aria-labelledby="facts">
        <h2 id="facts">${this.t('own.child.facts')}</h2>
        <ul>
          ${(['who', 'howLong', 'tools', 'look'] as const).map((key) => this.#fact(key))}
        </ul>
      </section>
    `;
  }

  #part({ id, title, child, what }: Part) {
    // The kernel's own tables are the lists that keep the portal safe.
    const text = child ?? (id === 'kernel' ? this.t('own.child.kernel') : `${what.join(', ')}.`);
    return this.#line(pictures[id] ?? 'file-text', title, text);
  }

  #fact(key: 'who' | 'howLong' | 'tools' | 'look') {
    const icon = { who: 'eye', howLong: 'calendar', tools: 'puzzle', look: 'list' }[key];
    return this.#line(icon, this.t(`own.child.${key}Title`), this.t(`own.child.${key}`));
  }

  #line(icon: string, title: string, text: string) {
    return html`<li>
      <span class="picture"><il-icon name=${icon}></il-icon></span>
      <div class="stack">
        <h3>${title} <il-ear .text=${`${title}. ${text}`} .label=${title}></il-ear></h3>
        ${text === '' ? nothing : html`<p>${text}</p>`}
      </div>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-child-overview': ChildOverview;
  }
}
