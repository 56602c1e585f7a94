import type { Answer } from '@ilearn/core';
import { formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { privacy } from '../client.js';
import type { parentConsentRoutes } from './parent-routes.js';

type Asked = Answer<typeof parentConsentRoutes, 'GET', '/consent-links/:token'>;

/** `/toestemming/:token`: a parent answers, by a link from the school and without an account. */
@customElement('privacy-parent-page')
export class ParentPage extends PortalElement {
  static override ns = 'privacy';

  static override styles = [
    sharedStyles,
    css`
      .text {
        white-space: pre-line;
      }
    `,
  ];

  @property({ attribute: false }) params: Record<string, string> = {};

  @state() private busy = false;

  #asked = new Task(this, {
    task: ([token], { signal }) => privacy.get('/consent-links/:token', { params: { token: token as string }, signal }),
    args: () => [this.params['token']] as const,
  });

  async #answer(answer: 'given' | 'refused'): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await privacy.put('/consent-links/:token', { params: { token: this.params['token'] as string }, body: { answer } });
      await this.#asked.run();
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>('[tabindex="-1"]')?.focus();
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    } finally {
      this.busy = false;
    }
  }

  override render() {
    return html`
      <div class="page narrow">
        <il-page-head heading=${this.t('parent.title')}></il-page-head>
        ${this.#asked.render({
          pending: () =>
            this.#asked.value === undefined ? html`<il-skeleton lines="4"></il-skeleton>` : this.#question(this.#asked.value),
          error: () => html`<p>${this.t('parent.gone')}</p>`,
          complete: (asked) => this.#question(asked),
        })}
      </div>
    `;
  }

  #question({ purpose, about, name, text, answer, until }: Asked) {
    const context = { purpose, about, person: '', token: this.params['token'] as string };
    const button = (value: 'given' | 'refused', label: string) =>
      answer === value
        ? nothing
        : html`<wa-button appearance="outlined" ?loading=${this.busy} @click=${() => this.#answer(value)}>${this.t(label)}</wa-button>`;
    return html`
      <div class="stack">
        <h2>${name}</h2>
        <p class="text">${text}</p>
        <il-slot name="privacy.consent" .context=${context}></il-slot>
        <p class=${answer === null ? 'muted' : 'strong'} tabindex="-1">${this.t(`parent.states.${answer ?? 'open'}`)}</p>
        <div class="actions">
          ${button('given', 'consents.buttons.given')}
          ${button('refused', answer === 'given' ? 'consents.buttons.withdraw' : 'consents.buttons.refused')}
        </div>
        <p class="muted">${this.t('parent.until', { date: formatDate(until, 'long') })}</p>
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-parent-page': ParentPage;
  }
}
