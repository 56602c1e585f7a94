import type { Answer } from '@ilearn/core';
import { type ApiProblem, formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { helpdesk } from '../../client.js';
import type { wishesRoutes } from '../routes.js';
import { type WishState, wishStates } from '../states.js';
import { wishState } from './wish-state.js';
import './wish-voice.js';

type Wish = Answer<typeof wishesRoutes, 'GET', '/wishes/:id'>;
type Provider = Answer<typeof wishesRoutes, 'GET', '/wishes/providers'>['providers'][number];

/** `/wensen/:id`: a wish, what was answered, and for whoever can grant it a form to answer. */
@customElement('helpdesk-wish-page')
export class WishPage extends PortalElement {
  static override ns = 'helpdesk';
  static override styles = [
    sharedStyles,
    css`
      .text {
        white-space: pre-line;
      }
      .form {
        display: grid;
        gap: var(--il-space-4);
        justify-items: start;
      }
      .form > * {
        width: 100%;
      }
      .form wa-button {
        width: auto;
      }
    `,
  ];

  @property({ attribute: false }) params: Record<string, string> = {};
  @state() private wish: Wish | undefined;
  @state() private providers: Provider[] = [];
  @state() private problem: unknown;
  @state() private answer = '';
  @state() private next: WishState = 'considered';

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('params')) void this.#load();
  }

  async #load(): Promise<void> {
    const id = this.params['id'] ?? '';
    this.problem = undefined;
    try {
      this.wish = await helpdesk.get('/wishes/:id', { params: { id } });
      this.next = this.wish.state === 'new' ? 'considered' : this.wish.state;
      if (this.can('helpdesk:hand-wishes')) this.providers = (await helpdesk.get('/wishes/providers')).providers;
      this.emit('il-title', { title: this.wish.title });
    } catch (problem) {
      this.problem = problem;
    }
  }

  override render() {
    const { wish } = this;
    return html`<div class="page narrow">
      <il-page-head heading=${wish?.title ?? this.t('wishes.one')} .back=${{ href: '/wensen', text: this.t('wishes.title') }}></il-page-head>
      ${this.problem === undefined ? nothing : html`<il-problem .problem=${this.problem} @retry=${() => this.#load()}></il-problem>`}
      ${wish === undefined ? (this.problem === undefined ? html`<il-skeleton lines="5"></il-skeleton>` : nothing) : this.#content(wish)}
    </div>`;
  }

  #content(wish: Wish) {
    const { text, state, people, schools, providerName, answers, mayAnswer } = wish;
    return html`
      <p>${wishState((key) => this.t(key), state)} ${this.t('wishes.people', { count: people })} · ${this.t('wishes.schools', { count: schools })}
      ${providerName === '' ? nothing : html` · ${this.t('wishes.with', { name: providerName })}`}</p>
      ${text === '' ? nothing : html`<p class="text">${text}</p>`}
      <helpdesk-wish-voice .wish=${wish} @helpdesk-voiced=${() => this.#load()}></helpdesk-wish-voice>
      <p class="small muted">${this.t('wishes.discreet')}</p>
      <section class="stack" aria-labelledby="answers">
        <h2 id="answers">${this.t('wishes.answers')}</h2>
        ${
          answers.length === 0
            ? html`<p class="muted">${this.t('wishes.noAnswer')}</p>`
            : html`<ul class="list">
                ${answers.map(
                  (each) => html`<li class="stack">
                    <p class="small muted">
                      ${each.providerName || this.t('wishes.makers')} · ${formatDate(each.at, 'long')} · ${this.t(`wishes.states.${each.state}`)}
                    </p>
                    <p class="text">${each.text}</p>
                  </li>`,
                )}
              </ul>`
        }
      </section>
      ${this.can('helpdesk:hand-wishes') ? this.#handing(wish) : nothing}
      ${mayAnswer && this.can('helpdesk:answer-wishes') ? this.#answering() : nothing}
    `;
  }

  #handing({ id, providerName }: Wish) {
    const options = [
      { value: '', label: this.t('wishes.makers') },
      ...this.providers.map(({ id: value, name, kind }) => ({ value, label: name, detail: this.t(`wishes.kinds.${kind}`) })),
    ];
    return html`<section class="stack" aria-labelledby="hand">
      <h2 id="hand">${this.t('wishes.handOver')}</h2>
      <il-combobox
        label=${this.t('wishes.handTo')}
        placeholder=${providerName}
        .options=${options}
        @il-change=${(event: CustomEvent<{ value: string }>) => this.#hand(id, event.detail.value)}
      ></il-combobox>
    </section>`;
  }

  #answering() {
    return html`<section class="stack" aria-labelledby="answer">
      <h2 id="answer">${this.t('wishes.answerTitle')}</h2>
      <div class="form">
        <wa-select label=${this.t('wishes.stateField')} .value=${this.next} @change=${(event: Event) => this.#setNext((event.target as HTMLSelectElement).value)}>
          ${wishStates.map((value) => html`<wa-option value=${value}>${this.t(`wishes.states.${value}`)}</wa-option>`)}
        </wa-select>
        <wa-textarea
          label=${this.t('wishes.answerField')}
          hint=${this.t('wishes.answerHint')}
          rows="4"
          maxlength="2000"
          .value=${this.answer}
          @input=${(event: Event) => this.#type((event.target as HTMLTextAreaElement).value)}
        ></wa-textarea>
        <wa-button variant="brand" ?disabled=${this.answer.trim() === ''} @click=${this.#send}>${this.t('wishes.answerSend')}</wa-button>
      </div>
    </section>`;
  }

  #setNext(state: string): void {
    this.next = state as WishState;
  }

  #type(answer: string): void {
    this.answer = answer;
  }

  #hand(id: string, value: string) {
    const found = this.providers.find((each) => each.id === value);
    const addressee = found === undefined ? 'portal' : found.kind === 'tool-provider' ? 'tool' : 'training';
    const body = { addressee, provider: found?.id ?? null } as const;
    return this.#change(() => helpdesk.put('/wishes/:id/addressee', { params: { id }, body }), this.t('wishes.handed'));
  }

  async #send(): Promise<void> {
    const { wish, next: state, answer: text } = this;
    if (wish === undefined) return;
    const call = () => helpdesk.post('/wishes/:id/answers', { params: { id: wish.id }, body: { state, text } });
    if (await this.#change(call, this.t('wishes.answered'))) this.answer = '';
  }

  async #change(call: () => Promise<unknown>, done: string): Promise<boolean> {
    try {
      await call();
      notify({ kind: 'success', text: done });
      await this.#load();
      return true;
    } catch (problem) {
      notify({ kind: 'error', text: (problem as ApiProblem).message });
      return false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'helpdesk-wish-page': WishPage;
  }
}
