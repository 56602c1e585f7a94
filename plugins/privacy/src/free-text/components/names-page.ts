import type { Answer } from '@ilearn/core';
import { notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { privacy } from '../../client.js';
import type { nameRoutes } from '../routes.js';

type Loaded = Answer<typeof nameRoutes, 'GET', '/names'>;

/** `/beheer/privacy/namen`: names of erased people in what others wrote; somebody decides about each. */
@customElement('privacy-names-page')
export class NamesPage extends PortalElement {
  static override ns = 'privacy';
  static override styles = [
    sharedStyles,
    css`
      li {
        padding-block: var(--il-space-4);
      }
      .text {
        max-width: 42rem;
        white-space: pre-line;
        overflow-wrap: anywhere;
      }
    `,
  ];

  readonly #names = new Task(this, { task: (_, { signal }) => privacy.get('/names', { signal }), args: () => [] as const });

  override render() {
    return html`<div class="page">
      <il-page-head heading=${this.t('names.title')} .back=${{ href: '/beheer/privacy', text: this.t('people.title') }}>
        <p>${this.t('names.intro')}</p>
      </il-page-head>
      ${this.#names.render({
        pending: () => (this.#names.value ? this.#list(this.#names.value) : html`<il-skeleton lines="6"></il-skeleton>`),
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#names.run()}></il-problem>`,
        complete: (loaded) => this.#list(loaded),
      })}
    </div>`;
  }

  #list({ mentions, left, running }: Loaded) {
    return html`
      ${running === 0 ? nothing : html`<p class="muted">${this.t('names.running', { count: running })}</p>`}
      ${
        left === 0
          ? html`<il-empty icon="circle-check" heading=${this.t('names.none')} text=${this.t('names.noneText')}></il-empty>`
          : html`<p>${this.t('names.left', { count: left })}</p>
              <ul class="list">
                ${mentions.map(
                  ({ id, title, text, name }) => html`<li class="stack">
                    <p class="small muted">${[name, title].filter((each) => each !== null).join(' · ')}</p>
                    <p class="text">${text ?? this.t('names.gone')}</p>
                    <div class="actions">
                      <wa-button appearance="outlined" @click=${() => this.#decide(id, 'leave')}>${this.t('names.leave')}</wa-button>
                      <wa-button appearance="outlined" @click=${() => this.#decide(id, 'replace')}>${this.t('names.replace')}</wa-button>
                    </div>
                  </li>`,
                )}
              </ul>`
      }
    `;
  }

  async #decide(id: string, decision: 'leave' | 'replace'): Promise<void> {
    try {
      await privacy.post('/names/:id', { params: { id }, body: { decision } });
      await this.#names.run();
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-names-page': NamesPage;
  }
}
