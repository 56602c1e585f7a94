import type { Answer } from '@ilearn/core';
import { announce, formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { privacy } from '../client.js';
import type { objectionRoutes } from './routes.js';

type Objectable = Answer<typeof objectionRoutes, 'GET', '/own/objections'>['purposes'][number];

/** The purposes to which a person may object, each with a button that objects or withdraws. */
@customElement('privacy-objections')
export class Objections extends PortalElement {
  static override ns = 'privacy';

  static override styles = [
    sharedStyles,
    css`
      ul {
        display: grid;
        gap: var(--il-space-4);
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
        gap: var(--il-space-2);
        justify-items: start;
        padding-bottom: var(--il-space-4);
        border-bottom: 1px solid var(--il-rule);
      }
    `,
  ];

  /** Id of the person; empty for the signed-in person. */
  @property() person = '';

  /** Id of the purpose that is being saved. */
  @state() private busy: string | null = null;

  #purposes = new Task(this, {
    task: async ([id], { signal }) => {
      const { purposes } =
        id === ''
          ? await privacy.get('/own/objections', { signal })
          : await privacy.get('/people/:id/objections', { params: { id }, signal });
      return purposes;
    },
    args: () => [this.person] as const,
  });

  async #change({ id: purpose, name, since }: Objectable): Promise<void> {
    if (this.busy !== null) return;
    this.busy = purpose;
    try {
      const id = this.person;
      if (id === '') {
        await (since === null
          ? privacy.put('/own/objections/:purpose', { params: { purpose } })
          : privacy.delete('/own/objections/:purpose', { params: { purpose } }));
      } else {
        await (since === null
          ? privacy.put('/people/:id/objections/:purpose', { params: { id, purpose } })
          : privacy.delete('/people/:id/objections/:purpose', { params: { id, purpose } }));
      }
      await this.#purposes.run();
      announce(this.t(since === null ? 'objections.stopped' : 'objections.resumed', { name }));
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    } finally {
      this.busy = null;
    }
  }

  override render() {
    return html`
      <section class="stack" aria-labelledby="objections">
        <h2 id="objections">${this.t('objections.title')}</h2>
        <p>${this.t(this.person === '' ? 'objections.own' : 'objections.of')}</p>
        ${this.#purposes.render({
          pending: () =>
            this.#purposes.value === undefined ? html`<il-skeleton lines="3"></il-skeleton>` : this.#list(this.#purposes.value),
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#purposes.run()}></il-problem>`,
          complete: (purposes) => this.#list(purposes),
        })}
      </section>
    `;
  }

  #list(purposes: readonly Objectable[]) {
    if (purposes.length === 0) return html`<p class="muted">${this.t('objections.none')}</p>`;
    return html`<ul>
      ${purposes.map(
        (each) => html`<li>
          <h3>${each.name}</h3>
          <p>${each.why}</p>
          <p class=${each.since === null ? 'muted' : 'strong'}>${this.#state(each)}</p>
          <wa-button appearance="outlined" ?loading=${this.busy === each.id} @click=${() => this.#change(each)}>
            ${this.t(each.since === null ? 'objections.object' : 'objections.withdraw', { name: each.name })}
          </wa-button>
        </li>`,
      )}
    </ul>`;
  }

  #state({ since }: Objectable): string {
    if (since === null) return this.t('objections.used');
    return this.t('objections.since', { date: formatDate(since, 'long') });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-objections': Objections;
  }
}
