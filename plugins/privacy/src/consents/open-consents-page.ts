import type { Answer } from '@ilearn/core';
import { formatDate, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { privacy } from '../client.js';
import type { schoolConsentRoutes } from './school-routes.js';

type Open = Answer<typeof schoolConsentRoutes, 'GET', '/consents'>;

/** `/beheer/privacy/toestemmingen`: questions for consent that nobody answered yet. */
@customElement('privacy-open-consents-page')
export class OpenConsentsPage extends PortalElement {
  static override ns = 'privacy';
  static override styles = [sharedStyles];

  #open = new Task(this, { task: (_, { signal }) => privacy.get('/consents', { signal }), args: () => [] });

  override render() {
    return html`
      <div class="page">
        <il-page-head
          heading=${this.t('openConsents.title')}
          .back=${{ href: '/beheer/privacy', text: this.t('people.title') }}
        >
          <p>${this.t('openConsents.text')}</p>
        </il-page-head>
        ${this.#open.render({
          pending: () => html`<il-skeleton lines="5"></il-skeleton>`,
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#open.run()}></il-problem>`,
          complete: (open) => this.#list(open),
        })}
      </div>
    `;
  }

  #list({ questions, more }: Open) {
    if (questions.length === 0) return html`<il-empty icon="circle-check" heading=${this.t('openConsents.none')}></il-empty>`;
    return html`
      <ul class="list">
        ${questions.map(
          ({ person, personName, name, askedAt, linkUntil }) => html`<li>
            <a class="row" href="/beheer/privacy/personen/${person}">
              <span class="grow strong">${personName}</span>
              <span class="muted small">${name} · ${this.t('openConsents.asked', { date: formatDate(askedAt, 'short') })}</span>
              ${linkUntil === null ? nothing : html`<span class="muted small">${this.t('openConsents.link', { date: formatDate(linkUntil, 'short') })}</span>`}
            </a>
          </li>`,
        )}
      </ul>
      ${more ? html`<p class="muted">${this.t('openConsents.more')}</p>` : nothing}
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-open-consents-page': OpenConsentsPage;
  }
}
