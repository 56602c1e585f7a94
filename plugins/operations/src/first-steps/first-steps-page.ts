import type { Answer } from '@ilearn/core';
import { mayOpen, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { operations } from '../client.js';
import type { firstStepsRoutes } from './routes.js';

type State = Answer<typeof firstStepsRoutes, 'GET', '/first-steps'>;

/** `/beheer/eerste-stappen`: what of the portal is set, and what is missing. */
@customElement('operations-first-steps-page')
export class FirstStepsPage extends PortalElement {
  static override ns = 'operations';
  static override styles = [
    sharedStyles,
    css`
      .row {
        align-items: start;
      }
      .good {
        color: var(--il-good);
      }
      .open {
        color: var(--il-warn);
      }
      .names {
        overflow-wrap: anywhere;
      }
    `,
  ];

  readonly #state = new Task(this, {
    task: (_, { signal }) => operations.get('/first-steps', { signal }),
    args: () => [],
  });

  override render() {
    return html`<div class="page narrow">
      <il-page-head heading=${this.t('firstSteps.title')}><p>${this.t('firstSteps.lead')}</p></il-page-head>
      ${this.#state.render({
        pending: () => html`<il-skeleton lines="8"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#state.run()}></il-problem>`,
        complete: (state) => this.#all(state),
      })}
    </div>`;
  }

  #all({ schools, out, failed, sections }: State) {
    return html`
      <section class="stack">
        <h2>${this.t('firstSteps.portal')}</h2>
        <ul class="list">
          ${schools === null ? nothing : this.#fact(schools, 'schools', '/school/importeren')}
          ${this.#fact(out === 0, 'modules', '/beheer/modules', out)}
          ${this.#fact(failed === 0, 'work', '/beheer/wachtrijen', failed)}
        </ul>
      </section>
      <section class="stack">
        <h2>${this.t('firstSteps.settings')}</h2>
        <p>${this.t('firstSteps.settingsText')}</p>
        <ul class="list">
          ${sections.map((section) => html`<li>${this.#section(section)}</li>`)}
        </ul>
      </section>
    `;
  }

  #sign(good: boolean) {
    return html`<il-icon
      class=${good ? 'good' : 'open'}
      name=${good ? 'circle-check' : 'circle-alert'}
      label=${this.t(good ? 'firstSteps.set' : 'firstSteps.missing')}
    ></il-icon>`;
  }

  #fact(good: boolean, name: 'schools' | 'modules' | 'work', place: string, count = 0) {
    const text = this.t(`firstSteps.facts.${name}.${good ? 'good' : 'open'}`, { count });
    return html`<li class="row">
      ${this.#sign(good)} <span class="grow">${text}</span>
      ${!mayOpen(place) ? nothing : html`<a href=${place}>${this.t(`firstSteps.facts.${name}.go`)}</a>`}
    </li>`;
  }

  #section({ title, set, empty }: State['sections'][number]) {
    return html`<div class="row">
      ${this.#sign(empty.length === 0)}
      <div class="grow names">
        <p class="strong">${mayOpen('/beheer/instellingen') ? html`<a href="/beheer/instellingen">${title}</a>` : title}</p>
        ${empty.length === 0 ? nothing : html`<p>${this.t('firstSteps.empty')} ${empty.join(', ')}</p>`}
        ${set.length === 0 ? nothing : html`<p class="muted">${this.t('firstSteps.filled')} ${set.join(', ')}</p>`}
      </div>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'operations-first-steps-page': FirstStepsPage;
  }
}
