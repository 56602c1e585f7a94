import type { Answer } from '@ilearn/core';
import { notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { privacy } from '../../client.js';
import type { correctionRoutes } from '../correction-routes.js';

type Loaded = Answer<typeof correctionRoutes, 'GET', '/corrections'>;

/** `/beheer/privacy/verbeteringen`: what a school has to correct in its files, because people asked for it. */
@customElement('privacy-corrections-page')
export class CorrectionsPage extends PortalElement {
  static override ns = 'privacy';
  static override styles = [sharedStyles];

  readonly #corrections = new Task(this, {
    task: (_, { signal }) => privacy.get('/corrections', { signal }),
    args: () => [] as const,
  });

  override render() {
    return html`<div class="page narrow">
      <il-page-head heading=${this.t('corrections.title')}><p>${this.t('corrections.intro')}</p></il-page-head>
      ${this.#corrections.render({
        pending: () =>
          this.#corrections.value ? this.#list(this.#corrections.value) : html`<il-skeleton lines="6"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#corrections.run()}></il-problem>`,
        complete: (loaded) => this.#list(loaded),
      })}
    </div>`;
  }

  #list({ corrections, more }: Loaded) {
    if (corrections.length === 0) {
      return html`<il-empty
        icon="circle-check"
        heading=${this.t('corrections.none')}
        text=${this.t('corrections.noneText')}
      ></il-empty>`;
    }
    const several = new Set(corrections.map(({ school }) => school)).size > 1;
    return html`<ul class="list">
        ${corrections.map(
          ({ id, name, school, field, was, wanted }) => html`<li class="row">
            <span class="grow">
              <span class="strong">${several ? `${name} · ${school}` : name}</span><br />
              <span>${this.t('corrections.change', { field: this.t(`requests.fields.${field}`), was: was || '–', wanted: wanted || '–' })}</span>
            </span>
            <wa-button appearance="outlined" @click=${() => this.#done(id)}>
              ${this.t('corrections.done')}<span class="visually-hidden"> – ${name}</span>
            </wa-button>
          </li>`,
        )}
      </ul>
      ${more ? html`<p class="muted">${this.t('corrections.more')}</p>` : nothing}`;
  }

  async #done(id: string): Promise<void> {
    try {
      await privacy.post('/corrections/:id', { params: { id } });
      notify({ kind: 'success', text: this.t('corrections.noted') });
      await this.#corrections.run();
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-corrections-page': CorrectionsPage;
  }
}
