import type { Answer } from '@ilearn/core';
import { formatDate, isPupil, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { privacy } from '../../client.js';
import type { ownRequestRoutes } from '../own-routes.js';
import { rectifiedFields } from '../rows.js';
import { requestKinds } from '../states.js';
import { letter, letterStyles } from './letter.js';

type Loaded = Answer<typeof ownRequestRoutes, 'GET', '/own/requests'>;
type OwnRequest = Loaded['requests'][number];

const all = 'all';
const blank = {
  kind: 'rectification' as (typeof requestKinds)[number],
  school: '',
  purpose: all,
  details: '',
  field: 'given-name' as (typeof rectifiedFields)[number],
  wanted: '',
};

/** A person's own requests about their data, and the form to ask something. */
@customElement('privacy-own-requests')
export class OwnRequestsList extends PortalElement {
  static override ns = 'privacy';
  static override styles = [
    sharedStyles,
    letterStyles,
    css`
      form {
        display: grid;
        gap: var(--il-space-4);
        max-width: 34rem;
      }
      .actions {
        justify-content: start;
      }
    `,
  ];

  @state() private draft: typeof blank | null = null;
  @state() private busy = false;

  readonly #own = new Task(this, { task: (_, { signal }) => privacy.get('/own/requests', { signal }), args: () => [] as const });

  override render() {
    return html`<section class="stack" aria-labelledby="ask">
      <h2 id="ask" tabindex="-1">${this.t('own.ask.title')}</h2>
      <p>${this.t('own.ask.text')}</p>
      ${this.#own.render({
        pending: () => (this.#own.value ? this.#loaded(this.#own.value) : html`<il-skeleton lines="2"></il-skeleton>`),
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#own.run()}></il-problem>`,
        complete: (loaded) => this.#loaded(loaded),
      })}
    </section>`;
  }

  #loaded({ requests, schools, purposes }: Loaded) {
    return html`
      ${
        this.draft === null
          ? html`<div class="actions">
              <wa-button appearance="outlined" @click=${() => this.#begin(schools[0]?.id ?? '')}>
                <il-icon slot="start" name="send"></il-icon>${this.t('own.ask.begin')}
              </wa-button>
            </div>`
          : this.#form(this.draft, schools, purposes)
      }
      ${requests.length === 0 ? nothing : html`<ul class="list">${requests.map((request) => this.#request(request))}</ul>`}
    `;
  }

  #begin(school: string): void {
    this.draft = { ...blank, school };
  }

  #set(change: Partial<typeof blank>): void {
    this.draft = { ...(this.draft ?? blank), ...change };
  }

  #form(draft: typeof blank, schools: Loaded['schools'], purposes: Loaded['purposes']) {
    const value = (event: Event) => (event.target as HTMLInputElement).value;
    return html`<form novalidate @submit=${this.#send}>
      <wa-select
        label=${this.t('own.ask.kind')}
        .value=${draft.kind}
        @change=${(event: Event) => this.#set({ kind: value(event) as typeof blank.kind })}
      >
        ${requestKinds.map((kind) => html`<wa-option value=${kind}>${this.t(`own.kinds.${kind}`)}</wa-option>`)}
      </wa-select>
      ${
        draft.kind === 'rectification'
          ? html`<wa-select
                label=${this.t('record.field')}
                .value=${draft.field}
                @change=${(event: Event) => this.#set({ field: value(event) as typeof blank.field })}
              >
                ${rectifiedFields.map((field) => html`<wa-option value=${field}>${this.t(`requests.fields.${field}`)}</wa-option>`)}
              </wa-select>
              <wa-input
                label=${this.t('own.ask.wanted')}
                maxlength="300"
                .value=${draft.wanted}
                @input=${(event: Event) => this.#set({ wanted: value(event) })}
              ></wa-input>`
          : nothing
      }
      ${
        isPupil()
          ? nothing
          : html`<wa-select
              label=${this.t('own.ask.purpose')}
              hint=${this.t('own.ask.purposeHint')}
              .value=${draft.purpose}
              @change=${(event: Event) => this.#set({ purpose: value(event) })}
            >
              <wa-option value=${all}>${this.t('own.ask.allPurposes')}</wa-option>
              ${purposes.map(({ id, name }) => html`<wa-option value=${id}>${name}</wa-option>`)}
            </wa-select>`
      }
      ${
        schools.length < 2
          ? nothing
          : html`<wa-select
              label=${this.t('own.ask.who')}
              .value=${draft.school}
              @change=${(event: Event) => this.#set({ school: value(event) })}
            >
              ${schools.map(({ id, name }) => html`<wa-option value=${id}>${name}</wa-option>`)}
            </wa-select>`
      }
      <wa-textarea
        label=${this.t('own.ask.details')}
        rows="3"
        maxlength="2000"
        .value=${draft.details}
        @input=${(event: Event) => this.#set({ details: value(event) })}
      ></wa-textarea>
      <div class="actions">
        <wa-button type="submit" variant="brand" ?loading=${this.busy}>${this.t('own.ask.send')}</wa-button>
        <wa-button appearance="plain" @click=${this.#stop}>${this.t('own.ask.stop')}</wa-button>
      </div>
    </form>`;
  }

  readonly #stop = (): void => {
    this.draft = null;
  };

  async #send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.busy || this.draft === null) return;
    this.busy = true;
    const { kind, school, purpose, field, wanted, details } = this.draft;
    try {
      const corrected = kind === 'rectification' ? { field, wanted } : {};
      const chosen = { school: school === '' ? null : school, purpose: purpose === all ? null : purpose };
      const body = { kind, details, ...corrected, ...chosen };
      const { number } = await privacy.post('/own/requests', { body });
      this.draft = null;
      notify({ kind: 'success', text: this.t('own.ask.sent', { number }) });
      await this.#own.run();
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    } finally {
      this.busy = false;
    }
  }

  #request({ id, number, kind, state, dueOn, receivedOn, mayWithdraw, letters }: OwnRequest) {
    const t = (key: string) => this.t(key);
    const facts = [
      this.t('requests.number', { number }),
      this.t('requests.receivedOn', { date: formatDate(receivedOn, 'short') }),
      dueOn === null ? '' : this.t('own.ask.until', { date: formatDate(dueOn, 'short') }),
    ];
    return html`<li class="stack">
      <div class="row">
        <span class="grow">
          <span class="strong">${this.t(`own.kinds.${kind}`)}</span><br />
          <span class="small muted">${facts.filter((each) => each !== '').join(' · ')}</span>
        </span>
        <span>${this.t(`own.states.${state}`)}</span>
        ${
          mayWithdraw
            ? html`<wa-button size="small" appearance="plain" @click=${() => this.#withdraw(id)}>${this.t('own.ask.withdraw')}</wa-button>`
            : nothing
        }
      </div>
      ${letters.map((each) => letter(each, t))}
    </li>`;
  }

  async #withdraw(id: string): Promise<void> {
    try {
      await privacy.post('/own/requests/:id/withdrawal', { params: { id } });
      await this.#own.run();
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-own-requests': OwnRequestsList;
  }
}
