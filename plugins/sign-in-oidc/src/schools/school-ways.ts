import type { SlotContext } from '@ilearn/core';
import { PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { signIn } from '../client.js';
import { rememberedSchool, rememberSchool } from './remembered-school.js';

/** In the slot `login.ways`: asks for the school once, and offers the providers of that school. */
@customElement('sign-in-oidc-ways')
export class SchoolWays extends PortalElement {
  static override ns = 'sign-in-oidc';
  static override styles = [
    sharedStyles,
    css`
      :host,
      form,
      .ways {
        display: grid;
        gap: var(--il-space-3);
      }
      ul {
        padding: 0;
        margin: 0;
        list-style: none;
      }
      a.way,
      button.way {
        display: flex;
        align-items: center;
        justify-content: center;
        width: 100%;
        min-height: 3.5rem;
        padding: var(--il-space-2) var(--il-space-4);
        color: var(--il-ink);
        font: inherit;
        font-weight: 680;
        text-decoration: none;
        background: var(--il-surface);
        border: 2px solid var(--il-edge);
        border-radius: var(--il-radius);
        cursor: pointer;
      }
      .way:hover {
        background: var(--il-hover);
        border-color: var(--il-ink);
      }
      .search {
        display: flex;
        gap: var(--il-space-2);
      }
      input[type='search'] {
        flex: 1 1 auto;
        min-width: 0;
        min-height: var(--il-target);
        padding-inline: var(--il-space-3);
        color: var(--il-ink);
        font: inherit;
        background: var(--il-surface);
        border: 2px solid var(--il-edge);
        border-radius: var(--il-radius);
      }
      #shared {
        margin-top: calc(-1 * var(--il-space-3));
      }
      .remember input {
        width: 1.25rem;
        height: 1.25rem;
      }
      .remember {
        display: flex;
        gap: var(--il-space-2);
        align-items: center;
        min-height: var(--il-target);
      }
      .chosen {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--il-space-4);
        align-items: center;
        justify-content: space-between;
      }
      p {
        margin: 0;
      }
    `,
  ];

  @property({ attribute: false }) context: SlotContext<'login.ways'> | undefined;

  @state() private school = rememberedSchool();
  @state() private asked = '';
  @state() private keep = false;

  @query('input[type=search]') private input!: HTMLInputElement | null;

  readonly #ways = new Task(this, {
    task: ([school], { signal }) =>
      school === null ? undefined : signIn.get('/schools/:school/ways', { params: { school }, signal }),
    args: () => [this.school] as const,
  });

  readonly #found = new Task(this, {
    task: ([q], { signal }) => (q.length < 2 ? undefined : signIn.get('/schools', { query: { q }, signal })),
    args: () => [this.asked] as const,
  });

  #find(event: SubmitEvent): void {
    event.preventDefault();
    this.asked = this.input?.value.trim() ?? '';
  }

  #choose(id: string): void {
    if (this.keep) rememberSchool(id);
    this.school = id;
  }

  async #other(): Promise<void> {
    rememberSchool(null);
    this.school = null;
    await this.updateComplete;
    this.input?.focus();
  }

  override render() {
    if (this.school === null) return this.#question();
    return this.#ways.render({
      pending: () => html`<il-skeleton lines="2"></il-skeleton>`,
      // A school that is gone: ask again.
      error: () => this.#question(),
      complete: (ways) => (ways === undefined ? this.#question() : this.#offer(ways)),
    });
  }

  #question() {
    return html`
      <form role="search" @submit=${this.#find}>
        <label for="school"><strong>${this.t('ways.school')}</strong></label>
        <p class="muted" id="hint">${this.t('ways.search')}</p>
        <div class="search">
          <input id="school" type="search" maxlength="100" autocomplete="off" aria-describedby="hint" />
          <wa-button type="submit">${this.t('ways.find')}</wa-button>
        </div>
        <label class="remember">
          <input
            type="checkbox"
            aria-describedby="shared"
            .checked=${this.keep}
            @change=${(event: Event) => {
              this.keep = (event.target as HTMLInputElement).checked;
            }}
          />
          ${this.t('ways.remember')}
        </label>
        <p class="muted" id="shared">${this.t('ways.rememberHint')}</p>
      </form>
      <div role="status">
        ${this.#found.render({
          pending: () => html`<il-skeleton lines="2"></il-skeleton>`,
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#found.run()}></il-problem>`,
          complete: (found) => {
            if (found === undefined) return '';
            if (found.schools.length === 0) return html`<p>${this.t('ways.none')}</p>`;
            return html`
              <ul class="ways">
                ${found.schools.map(({ id, name }) => html`<li><button class="way" @click=${() => this.#choose(id)}>${name}</button></li>`)}
              </ul>
              ${found.more ? html`<p class="muted">${this.t('ways.more')}</p>` : ''}
            `;
          },
        })}
      </div>
    `;
  }

  #offer({ name, providers }: { name: string; providers: readonly { key: string; label: string; startPath: string }[] }) {
    const query = new URLSearchParams({ terug: this.context?.back ?? '/', school: this.school ?? '' });
    return html`
      <p class="chosen">
        <strong>${name}</strong>
        <wa-button appearance="plain" @click=${this.#other}>${this.t('ways.other')}</wa-button>
      </p>
      ${
        providers.length === 0
          ? html`<p>${this.t('ways.noProvider', { school: name })}</p>`
          : html`<ul class="ways">
            ${providers.map(
              ({ label, startPath }) =>
                html`<li><a class="way" href="${startPath}?${query}">${this.t('ways.with', { provider: label })}</a></li>`,
            )}
          </ul>`
      }
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'sign-in-oidc-ways': SchoolWays;
  }
}
