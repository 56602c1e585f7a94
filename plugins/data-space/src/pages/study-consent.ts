import type { ConsentSlotContext } from '@ilearn/plugin-privacy';
import { formatDate, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { dataSpace } from '../client.js';
import type { OwnStudy } from '../studies/own-routes.js';

/** Below a question for consent to a study, in the slot `privacy.consent`: what a researcher got. */
@customElement('data-space-study-consent')
export class StudyConsent extends PortalElement {
  static override ns = 'data-space';
  static override styles = [sharedStyles];

  @property({ attribute: false }) context: ConsentSlotContext = { purpose: '', about: '', person: '', token: '' };

  readonly #found = new Task(this, {
    task: ([purpose, study, person, token], { signal }): Promise<OwnStudy | null> => {
      if (purpose !== 'research' || study === '') return Promise.resolve(null);
      if (token !== '') return dataSpace.get('/consent-links/:token', { params: { token }, signal });
      return person === ''
        ? dataSpace.get('/own/studies/:study', { params: { study }, signal })
        : dataSpace.get('/people/:person/studies/:study', { params: { person, study }, signal });
    },
    args: () => [this.context.purpose, this.context.about, this.context.person, this.context.token] as const,
  });

  override render() {
    return this.#found.render({
      error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#found.run()}></il-problem>`,
      complete: (found) => (found === null ? nothing : this.#delivered(found)),
    });
  }

  #delivered({ state, delivered }: OwnStudy) {
    return html`
      ${state === 'ended' ? html`<p class="strong">${this.t('studyConsent.ended')}</p>` : nothing}
      ${
        delivered.length === 0
          ? html`<p class="muted">${this.t('studyConsent.nothing')}</p>`
          : html`<p>${this.t('studyConsent.delivered')}</p>
              <ul class="plain small">
                ${delivered.map(
                  ({ fetchedAt, from, to, rows }) =>
                    html`<li>
                      ${this.t('studies.fetched', { date: formatDate(fetchedAt), from: formatDate(from), to: formatDate(to) })},
                      ${this.t('studies.rows', { count: rows })}
                    </li>`,
                )}
              </ul>`
      }
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'data-space-study-consent': StudyConsent;
  }
}
