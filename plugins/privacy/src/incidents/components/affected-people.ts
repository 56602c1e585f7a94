import type { Answer } from '@ilearn/core';
import { notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { privacy } from '../../client.js';
import type { incidentRoutes } from '../routes.js';

type Found = Answer<typeof incidentRoutes, 'POST', '/incidents/:id/search'>;

/** Finds in the audit log who is affected by an incident. Fires `privacy-affected` when they change, and `privacy-letters` with their
 * names. */
@customElement('privacy-affected-people')
export class AffectedPeople extends PortalElement {
  static override ns = 'privacy';
  static override styles = [
    sharedStyles,
    css`
      :host {
        display: grid;
        gap: var(--il-space-4);
      }
      form {
        display: grid;
        gap: var(--il-space-3);
        max-width: 34rem;
      }
    `,
  ];

  @property() incident = '';
  @property({ attribute: false }) closed = false;

  @state() private actor = '';
  @state() private since = '';
  @state() private until = '';
  @state() private found: Found | null = null;

  readonly #people = new Task(this, {
    task: ([id], { signal }) => privacy.get('/incidents/:id/people', { params: { id }, signal }),
    args: () => [this.incident] as const,
  });

  readonly #find = async (search: string, signal: AbortSignal) => {
    const { people } = await privacy.get('/people', { query: { search, page: 1 }, signal });
    return people.map(({ id, name, kind }) => ({ value: id, label: name, detail: this.t(`people.kinds.${kind}`) }));
  };

  override render() {
    return html`
      ${this.closed ? nothing : this.#form()} ${this.found === null ? nothing : this.#result(this.found)}
      ${this.#people.render({
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#people.run()}></il-problem>`,
        complete: ({ people, more }) =>
          people.length === 0
            ? html`<p class="muted">${this.t('incidents.nobody')}</p>`
            : html`<ul class="list">
                  ${people.map(
                    ({ id, name }) => html`<li class="row">
                      <span class="grow">${name}</span>
                      ${
                        this.closed
                          ? nothing
                          : html`<wa-button size="small" appearance="plain" @click=${() => this.#remove(id)}>
                              ${this.t('incidents.remove', { name })}
                            </wa-button>`
                      }
                    </li>`,
                  )}
                </ul>
                <il-truncated ?more=${more} shown=${people.length}></il-truncated>
                <div class="actions">
                  <wa-button
                    appearance="outlined"
                    @click=${() => this.emit('privacy-letters', { names: people.map(({ name }) => name) })}
                  >
                    <il-icon slot="start" name="printer"></il-icon>${this.t('incidents.printLetters')}
                  </wa-button>
                </div>`,
      })}
    `;
  }

  #form() {
    const moment = (name: 'since' | 'until') => html`<wa-input
      type="datetime-local"
      label=${this.t(`incidents.${name}`)}
      .value=${this[name]}
      @input=${(event: Event) => {
        this[name] = (event.target as HTMLInputElement).value;
      }}
    ></wa-input>`;
    return html`<form novalidate @submit=${this.#search}>
      <p>${this.t('incidents.findText')}</p>
      <il-combobox
        label=${this.t('incidents.actor')}
        .options=${[]}
        .value=${this.actor}
        .search=${this.#find}
        @il-change=${({ detail }: CustomEvent<{ value: string }>) => {
          this.actor = detail.value;
        }}
      ></il-combobox>
      ${moment('since')} ${moment('until')}
      <div class="actions">
        <wa-button type="submit" appearance="outlined" ?disabled=${this.actor === '' || this.since === '' || this.until === ''}>
          ${this.t('incidents.find')}
        </wa-button>
      </div>
    </form>`;
  }

  #result({ added, routes, more }: Found) {
    return html`<div role="status" class="stack">
      <p>${this.t('incidents.found', { count: added })} ${more ? this.t('incidents.foundMore') : ''}</p>
      ${
        routes.length === 0
          ? nothing
          : html`<p>${this.t('incidents.routes')}</p>
              <ul>
                ${routes.map(({ doing, times }) => html`<li>${doing} (${times})</li>`)}
              </ul>`
      }
    </div>`;
  }

  readonly #search = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const moment = (text: string) => new Date(text).toISOString();
    try {
      const body = { actor: this.actor, since: moment(this.since), until: moment(this.until) };
      this.found = await privacy.post('/incidents/:id/search', { params: { id: this.incident }, body });
      await this.#people.run();
      this.emit('privacy-affected');
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    }
  };

  async #remove(person: string): Promise<void> {
    try {
      await privacy.delete('/incidents/:id/people/:person', { params: { id: this.incident, person } });
      await this.#people.run();
      this.emit('privacy-affected');
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-affected-people': AffectedPeople;
  }
}
