import type { Answer } from '@ilearn/core';
import { directory } from '@ilearn/plugin-directory/client';
import { ApiProblem, formatDate, notify, PortalElement, sharedStyles, TypingPause } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { signIn } from '../client.js';
import type { waitingRoutes } from './routes.js';

type Waiting = Answer<typeof waitingRoutes, 'GET', '/waiting'>['waiting'][number];

const MOST_FOUND = 8;

/** Accounts of a school of which is not known whose they are; somebody of the school says so. */
@customElement('sign-in-oidc-waiting')
export class WaitingAccounts extends PortalElement {
  static override ns = 'sign-in-oidc';
  static override styles = [
    sharedStyles,
    css`
      :host {
        display: block;
        margin-top: var(--il-space-6);
      }
      h2 {
        margin-bottom: var(--il-space-2);
      }
      ul {
        padding: 0;
        list-style: none;
      }
      .entry {
        display: grid;
        gap: var(--il-space-2);
        padding-block: var(--il-space-3);
        border-bottom: 1px solid var(--il-rule);
      }
      .entry p {
        margin: 0;
      }
      .line,
      .found {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-2) var(--il-space-3);
        align-items: center;
        justify-content: space-between;
      }
      .found {
        justify-content: start;
      }
      wa-input {
        max-width: 26rem;
      }
    `,
  ];

  @property() school = '';

  /** Id of the entry for which a person is sought. */
  @state() private open = '';
  @state() private search = '';

  readonly #typing = new TypingPause(this);

  readonly #list = new Task(this, {
    task: async ([school], { signal }) =>
      school === '' ? [] : (await signIn.get('/waiting', { query: { school }, signal })).waiting,
    args: () => [this.school] as const,
  });

  readonly #people = new Task(this, {
    task: async ([school, search], { signal }) =>
      search.trim().length < 2
        ? undefined
        : (await directory.get('/people', { query: { school, search, page: 1, size: MOST_FOUND }, signal })).people,
    args: () => [this.school, this.search] as const,
  });

  async #act(act: () => Promise<unknown>, done?: string): Promise<void> {
    try {
      await act();
      if (done !== undefined) notify({ kind: 'success', text: done });
    } catch (problem) {
      if (!(problem instanceof ApiProblem && problem.status === 404)) notify({ kind: 'error', text: (problem as Error).message });
    }
    this.open = '';
    this.search = '';
    await this.#list.run();
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('h2')?.focus();
  }

  override render() {
    return html`
      <section aria-labelledby="waiting">
        <h2 id="waiting" tabindex="-1">${this.t('waiting.title')}</h2>
        ${this.#list.render({
          pending: () => html`<il-skeleton lines="3"></il-skeleton>`,
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#list.run()}></il-problem>`,
          complete: (waiting) =>
            waiting.length === 0
              ? html`<p>${this.t('waiting.none')}</p>`
              : html`<p>${this.t('waiting.text')}</p><ul>${waiting.map((each) => this.#entry(each))}</ul>`,
        })}
      </section>
    `;
  }

  #entry({ id, label, name, since }: Waiting) {
    const shown = name ?? this.t('waiting.noName');
    return html`<li class="entry">
      <div class="line">
        <p><strong>${shown}</strong> <span class="muted">${label}, ${formatDate(since)}</span></p>
        <wa-button size="small" @click=${() => this.#act(() => signIn.delete('/waiting/:id', { params: { id } }))}>
          ${this.t('waiting.remove', { name: shown })}
        </wa-button>
      </div>
      <wa-input
        type="search"
        size="small"
        label=${this.t('waiting.person', { name: shown })}
        placeholder=${this.t('waiting.search')}
        maxlength="100"
        autocomplete="off"
        .value=${this.open === id ? this.search : ''}
        @input=${(event: Event) => {
          const { value } = event.target as HTMLInputElement;
          this.#typing.after(() => {
            this.open = id;
            this.search = value;
          });
        }}
      ></wa-input>
      ${this.open === id ? html`<div class="found" role="status">${this.#found(id)}</div>` : ''}
    </li>`;
  }

  #found(id: string) {
    return this.#people.render({
      error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#people.run()}></il-problem>`,
      complete: (people) => {
        if (people === undefined) return '';
        if (people.length === 0) return html`<p>${this.t('waiting.nobody')}</p>`;
        return people.map((person) => {
          const name = `${person.givenName} ${person.familyName}`;
          const decide = () => signIn.put('/waiting/:id/person', { params: { id }, body: { person: person.id } });
          return html`<wa-button size="small" @click=${() => this.#act(decide, this.t('waiting.linked'))}>
            ${this.t('waiting.link', { name })}
          </wa-button>`;
        });
      },
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'sign-in-oidc-waiting': WaitingAccounts;
  }
}
