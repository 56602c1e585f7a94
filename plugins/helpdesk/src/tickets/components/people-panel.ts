import { PortalElement, sharedStyles } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { helpdesk } from '../../client.js';
import { attempt } from './attempt.js';

interface Person {
  id: string;
  name: string;
}

/** Who else takes part in a ticket; whoever asked adds colleagues of the school. */
@customElement('helpdesk-people-panel')
export class PeoplePanel extends PortalElement {
  static override ns = 'helpdesk';
  static override styles = [sharedStyles];

  @property() ticket = '';
  @property({ attribute: false }) people: Person[] = [];
  /** Nobody can be taken out here. */
  @property({ type: Boolean }) fixed = false;
  @state() private fault: string | undefined;

  override render() {
    return html`<section class="stack" aria-labelledby="people">
      <h2 id="people">${this.t('tickets.people.title')}</h2>
      ${
        this.people.length === 0
          ? html`<p class="muted">${this.t('tickets.people.none')}</p>`
          : html`<ul class="list">
              ${this.people.map(
                ({ id, name }) => html`<li class="row">
                  <span class="grow">${name}</span>
                  ${
                    this.fixed
                      ? nothing
                      : html`<wa-button size="s" appearance="plain" @click=${() => this.#remove(id)}
                          ><il-icon name="x" label=${this.t('tickets.people.remove', { name })}></il-icon
                        ></wa-button>`
                  }
                </li>`,
              )}
            </ul>`
      }
      <il-combobox
        label=${this.t('tickets.people.add')}
        .options=${[]}
        .value=${''}
        .search=${(q: string, signal: AbortSignal) => this.#find(q, signal)}
        @il-change=${(event: CustomEvent<{ value: string }>) => this.#add(event.detail.value)}
      ></il-combobox>
      ${this.fault === undefined ? nothing : html`<p role="alert">${this.fault}</p>`}
    </section>`;
  }

  async #find(q: string, signal: AbortSignal) {
    if (q.trim().length < 2) return [];
    const { people } = await helpdesk.get('/tickets/:id/colleagues', {
      params: { id: this.ticket },
      query: { q: q.trim() },
      signal,
    });
    return people.map(({ id, name }) => ({ value: id, label: name }));
  }

  async #add(person: string): Promise<void> {
    if (person === '') return;
    await this.#try(() => helpdesk.post('/tickets/:id/participants', { params: { id: this.ticket }, body: { person } }));
  }

  async #remove(participant: string): Promise<void> {
    await this.#try(() =>
      helpdesk.delete('/tickets/:id/participants/:participant', { params: { id: this.ticket, participant } }),
    );
  }

  async #try(act: () => Promise<unknown>): Promise<void> {
    this.fault = await attempt(act);
    if (this.fault === undefined) this.emit('il-changed', {});
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'helpdesk-people-panel': PeoplePanel;
  }
}
