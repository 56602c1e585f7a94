import type { Answer } from '@ilearn/core';
import { formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { privacy } from '../../client.js';
import type { toldRoutes } from '../told-routes.js';

type Loaded = Answer<typeof toldRoutes, 'GET', '/incidents/:id/schools'>;

/** Schools that the operator told about its incident, and the button that tells the others. */
@customElement('privacy-told-schools')
export class ToldSchoolsList extends PortalElement {
  static override ns = 'privacy';
  static override styles = [sharedStyles];

  @property() incident = '';
  @property({ attribute: false }) closed = false;

  @state() private busy = false;

  readonly #schools = new Task(this, {
    task: ([id], { signal }) => privacy.get('/incidents/:id/schools', { params: { id }, signal }),
    args: () => [this.incident] as const,
  });

  /** Looks again who is affected. */
  refresh(): void {
    void this.#schools.run();
  }

  override render() {
    return html`<section class="stack" aria-labelledby="told">
      <h2 id="told">${this.t('incidents.told.title')}</h2>
      <p>${this.t('incidents.told.text')}</p>
      ${this.#schools.render({
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#schools.run()}></il-problem>`,
        complete: (loaded) => this.#list(loaded),
      })}
    </section>`;
  }

  #list({ told, untold }: Loaded) {
    return html`
      ${
        told.length + untold.length === 0
          ? html`<p class="muted">${this.t('incidents.told.none')}</p>`
          : html`<ul class="list">
              ${untold.map(({ name, people }) => this.#line(name, this.t('incidents.told.people', { count: people })))}
              ${told.map(({ name, at, recorded }) =>
                this.#line(
                  name,
                  this.t(recorded ? 'incidents.told.recorded' : 'incidents.told.on', { date: formatDate(at.toString(), 'time') }),
                ),
              )}
            </ul>`
      }
      ${
        untold.length === 0 || this.closed
          ? nothing
          : html`<div class="actions">
              <wa-button appearance="outlined" ?loading=${this.busy} @click=${this.#tell}>
                ${this.t('incidents.told.tell', { count: untold.length })}
              </wa-button>
            </div>`
      }
    `;
  }

  #line(name: string, what: string) {
    return html`<li class="row"><span class="grow">${name}</span><span class="small muted">${what}</span></li>`;
  }

  readonly #tell = async (): Promise<void> => {
    if (this.busy) return;
    this.busy = true;
    try {
      await privacy.post('/incidents/:id/schools', { params: { id: this.incident } });
      notify({ kind: 'success', text: this.t('incidents.told.done') });
      await this.#schools.run();
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    } finally {
      this.busy = false;
    }
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-told-schools': ToldSchoolsList;
  }
}
