import type { Answer } from '@ilearn/core';
import { formatDate, notify, PortalElement, PrintSheet, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { privacy } from '../../client.js';
import '../../erasures/erasure-form.js';
import '../../objections/objections.js';
import '../../people/person-export.js';
import '../../restrictions/restriction.js';
import type { requestDeskRoutes } from '../desk-routes.js';
import type { RequestAction } from '../states.js';
import './action-dialog.js';
import { type Letter, letter, letterStyles } from './letter.js';
import { dueMark, dueStyles } from './request-mark.js';

type Detail = Answer<typeof requestDeskRoutes, 'GET', '/requests/:id'>;

/** `/beheer/privacy/verzoeken/:id`: a request, what can be done about it, its letters and its history. */
@customElement('privacy-request-page')
export class RequestPage extends PortalElement {
  static override ns = 'privacy';
  static override styles = [
    sharedStyles,
    dueStyles,
    letterStyles,
    css`
      dl {
        display: grid;
        grid-template-columns: 12rem minmax(0, 1fr);
        gap: var(--il-space-1) var(--il-space-4);
        margin: 0;
      }
      dt {
        color: var(--il-ink-soft);
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
        white-space: pre-line;
      }
      @media (max-width: 40rem) {
        dl {
          grid-template-columns: minmax(0, 1fr);
        }
        dt {
          margin-top: var(--il-space-2);
        }
        .row {
          display: grid;
          gap: var(--il-space-1);
        }
      }
    `,
  ];

  @property({ attribute: false }) params: Record<string, string> = {};

  @state() private acting: RequestAction | null = null;
  #printed: Letter | null = null;

  constructor() {
    super();
    new PrintSheet(this, () =>
      this.#printed === null ? undefined : html`<div class="sheet-letter">${this.#printed.text}</div>`,
    );
  }

  readonly #request = new Task(this, {
    task: ([id], { signal }) => privacy.get('/requests/:id', { params: { id }, signal }),
    args: () => [this.params['id'] ?? ''] as const,
  });

  override render() {
    return html`<div class="page screen-only">
      ${this.#request.render({
        pending: () => (this.#request.value ? this.#complete(this.#request.value) : html`<il-skeleton lines="8"></il-skeleton>`),
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#request.run()}></il-problem>`,
        complete: (request) => this.#complete(request),
      })}
    </div>`;
  }

  #complete(request: Detail) {
    const t = (key: string, options?: Record<string, unknown>) => this.t(key, options);
    const { kind, name, number, actions, state } = request;
    return html`
      <il-page-head
        heading=${this.t('requests.heading', { kind: this.t(`requests.kinds.${kind}`), name: name ?? this.t('requests.erased') })}
        .back=${{ href: '/beheer/privacy/verzoeken', text: this.t('requests.title') }}
      >
        <p>
          ${this.t('requests.number', { number })} · ${this.t(`requests.states.${state}`)}
          ${actions.length === 0 ? nothing : html`· ${dueMark(request, t)}`}
        </p>
      </il-page-head>
      ${
        actions.length === 0
          ? nothing
          : html`<div class="actions">
              ${actions.map(
                (action) => html`<wa-button
                  appearance=${action === 'grant' || action === 'check-identity' || action === 'identity-shown' ? 'accent' : 'outlined'}
                  variant=${action === 'grant' || action === 'check-identity' || action === 'identity-shown' ? 'brand' : 'neutral'}
                  @click=${() => this.#act(action)}
                  >${this.t(`requests.actions.${action}`)}</wa-button
                >`,
              )}
            </div>`
      }
      ${this.#facts(request)} ${this.#doing(request)} ${this.#letters(request.letters)} ${this.#history(request)}
      ${
        this.acting === null
          ? nothing
          : html`<privacy-action-dialog
              .action=${this.acting}
              .request=${request}
              @il-close=${() => this.#act(null)}
              @privacy-acted=${() => {
                this.#act(null);
                void this.#request.run();
              }}
            ></privacy-action-dialog>`
      }
    `;
  }

  #act(action: RequestAction | null): void {
    this.acting = action;
  }

  #facts(request: Detail) {
    const { askedBy, askerName, askerContact, receivedOn, school, details, identityHow, reason, answer, purpose } = request;
    const facts: [string, string][] = [
      ['receivedOn', formatDate(receivedOn, 'long')],
      ['by', [this.t(`requests.askedBy.${askedBy}`), askerName, askerContact].filter((each) => each !== '').join(' · ')],
      ['answers', school ?? this.t('requests.operator')],
      ['purpose', purpose ?? ''],
      ['details', details],
      ['identity', identityHow === 'account' ? this.t('requests.identityAccount') : identityHow],
      ['reason', reason],
      ['answer', answer],
    ];
    return html`<section class="stack" aria-labelledby="facts">
      <h2 id="facts">${this.t('requests.facts.title')}</h2>
      <dl>
        ${facts.map(([key, value]) => (value === '' ? nothing : html`<dt>${this.t(`requests.facts.${key}`)}</dt><dd>${value}</dd>`))}
      </dl>
    </section>`;
  }

  /** What the portal can do for this kind of request, or did. */
  #doing(request: Detail) {
    const { kind, personId, name, state } = request;
    if (personId === null || name === null) return nothing;
    const person = { id: personId, name };
    const granted = state === 'granted';
    if (kind === 'access' || kind === 'portability') {
      return html`<section class="stack" aria-labelledby="doing">
        <h2 id="doing">${this.t('export.title')}</h2>
        <privacy-export person=${personId}></privacy-export>
      </section>`;
    }
    if (kind === 'erasure') {
      if (!granted) return html`<p class="muted">${this.t('requests.eraseLater')}</p>`;
      return this.can('privacy:erase')
        ? html`<p class="muted">${this.t('requests.printFirst')}</p>
            <privacy-erasure-form .person=${person}></privacy-erasure-form>`
        : html`<p class="muted">${this.t('requests.eraseByOperator')}</p>`;
    }
    if (kind === 'rectification') return this.#rectification(request);
    // What stands now, and can be ended.
    if (kind === 'restriction' && granted) return html`<privacy-restriction person=${personId}></privacy-restriction>`;
    if (kind === 'objection' && granted) {
      return html`${this.#byPeople(request)}<privacy-objections person=${personId}></privacy-objections>`;
    }
    return nothing;
  }

  /** The way to what the portal cannot do by itself about an objection. */
  #byPeople({ objectsTo, personId }: Detail) {
    if (objectsTo.length > 0) return nothing;
    return html`<p>
      ${this.t('requests.byPeople')} <a href="/beheer/privacy/personen/${personId}">${this.t('requests.toPerson')}</a>
    </p>`;
  }

  #rectification({ id, field, rosterValue, currentValue, wanted, flagged, corrected, school, state }: Detail) {
    const closed = state === 'granted' || state === 'refused' || state === 'withdrawn';
    return html`<section class="stack" aria-labelledby="field">
      <h2 id="field">${this.t('requests.rectify.title')}</h2>
      <dl>
        <dt>${this.t('requests.rectify.field')}</dt>
        <dd>${this.t(`requests.fields.${field ?? 'other'}`)}</dd>
        <dt>${this.t('requests.rectify.was')}</dt>
        <dd>${rosterValue || '–'}</dd>
        <dt>${this.t('requests.rectify.now')}</dt>
        <dd>${currentValue || '–'}</dd>
        <dt>${this.t('requests.rectify.wanted')}</dt>
        <dd>${wanted || '–'}</dd>
      </dl>
      ${
        flagged
          ? html`<p class="muted">
              ${this.t(corrected || currentValue === wanted ? 'requests.rectify.done' : 'requests.rectify.flagged')}
            </p>`
          : closed || school === null
            ? nothing
            : html`<div class="actions">
                <wa-button appearance="outlined" @click=${() => this.#flag(id)}>
                  <il-icon slot="start" name="flag"></il-icon>${this.t('requests.rectify.flag')}
                </wa-button>
              </div>`
      }
    </section>`;
  }

  async #flag(id: string): Promise<void> {
    try {
      await privacy.post('/requests/:id/flag', { params: { id } });
      notify({ kind: 'success', text: this.t('requests.rectify.flagged') });
      await this.#request.run();
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    }
  }

  #letters(letters: Detail['letters']) {
    if (letters.length === 0) return nothing;
    return html`<section class="stack" aria-labelledby="letters">
      <h2 id="letters">${this.t('letters.title')}</h2>
      ${letters.map((each) =>
        letter(
          each,
          (key) => this.t(key),
          html`<div class="actions">
            <wa-button appearance="outlined" @click=${() => this.#print(each)}>
              <il-icon slot="start" name="printer"></il-icon>${this.t('letters.print')}
            </wa-button>
          </div>`,
        ),
      )}
    </section>`;
  }

  #print(printed: Letter): void {
    this.#printed = printed;
    addEventListener(
      'afterprint',
      () => {
        this.#printed = null;
      },
      { once: true },
    );
    print();
  }

  #history({ steps }: Detail) {
    return html`<section class="stack" aria-labelledby="history">
      <h2 id="history">${this.t('requests.history')}</h2>
      <ul class="list">
        ${steps.map(
          ({ action, detail, at, by, dueOn }) => html`<li class="row">
            <span class="grow">
              ${[this.t(`requests.done.${action}`), this.#detail(action, detail)].filter((each) => each !== '').join(': ')}
              ${dueOn === null ? nothing : html`<span class="small muted">· ${this.t('requests.until', { date: formatDate(dueOn, 'short') })}</span>`}
            </span>
            <span class="small muted">${[by, formatDate(at, 'time')].filter((each) => each !== null).join(' · ')}</span>
          </li>`,
        )}
      </ul>
    </section>`;
  }

  #detail(action: string, detail: string): string {
    return action === 'restricted' ? this.t(`restriction.grounds.${detail}`) : detail;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-request-page': RequestPage;
  }
}
