import { formatDate, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { privacy } from '../client.js';
import type { Erasure } from './routes.js';
import { wordsFor } from './words.js';

const POLL_MS = 2_000;

/** Running, failed and finished erasures. */
@customElement('privacy-erasure-list')
export class ErasureList extends PortalElement {
  static override ns = 'privacy';
  static override styles = [sharedStyles];

  #poll: ReturnType<typeof setTimeout> | undefined;

  #erasures = new Task(this, {
    task: (_, { signal }) => privacy.get('/erasures', { signal }),
    args: () => [],
    onComplete: ({ erasures }) => {
      clearTimeout(this.#poll);
      if (erasures.some(({ state }) => state === 'running')) this.#poll = setTimeout(() => void this.#erasures.run(), POLL_MS);
    },
  });

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#poll);
  }

  override render() {
    return html`
      <section class="stack" aria-labelledby="erasures">
        <h2 id="erasures">${this.t('erasures.title')}</h2>
        <p><a href="/beheer/privacy/namen">${this.t('names.title')}</a></p>
        ${this.#erasures.render({
          pending: () => (this.#erasures.value ? this.#list(this.#erasures.value) : html`<il-skeleton lines="2"></il-skeleton>`),
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#erasures.run()}></il-problem>`,
          complete: (list) => this.#list(list),
        })}
      </section>
    `;
  }

  #list({ erasures, more }: { erasures: readonly Erasure[]; more: boolean }) {
    if (erasures.length === 0) return html`<p class="muted">${this.t('erasures.none')}</p>`;
    const label = (key: string) => this.t(`erasures.${key}`);
    return html`
      <table class="stacked">
        <thead>
          <tr>
            <th scope="col">${label('requested')}</th>
            <th scope="col">${label('who')}</th>
            <th scope="col">${label('state')}</th>
          </tr>
        </thead>
        <tbody>
          ${erasures.map(
            (erasure) => html`<tr>
              <td data-label=${label('requested')}>${formatDate(erasure.requestedAt, 'time')}</td>
              <td data-label=${label('who')}>${erasure.name ?? label('forgotten')}</td>
              <td data-label=${label('state')}>${wordsFor(erasure, (key, options) => this.t(key, options))}</td>
            </tr>`,
          )}
        </tbody>
      </table>
      <il-truncated ?more=${more} shown=${erasures.length}></il-truncated>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-erasure-list': ErasureList;
  }
}
