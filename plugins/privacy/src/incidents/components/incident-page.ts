import type { Answer } from '@ilearn/core';
import { ApiProblem, formatDate, notify, PortalElement, PrintSheet, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { privacy } from '../../client.js';
import type { incidentRoutes } from '../routes.js';
import type { IncidentAction } from '../states.js';
import './affected-people.js';
import './told-schools.js';
import { hoursLeft, hoursStyles } from './incidents-page.js';

type Detail = Answer<typeof incidentRoutes, 'GET', '/incidents/:id'>;

const categories = ['identity', 'contact', 'school', 'results', 'texts', 'accounts', 'special'] as const;
const texts = ['what', 'consequences', 'measures', 'reason', 'contactPoint', 'lessons'] as const;

/** `/beheer/privacy/incidenten/:id`: what is known about an incident, who is affected, the notification and the letters. */
@customElement('privacy-incident-page')
export class IncidentPage extends PortalElement {
  static override ns = 'privacy';
  static override styles = [
    sharedStyles,
    hoursStyles,
    css`
      form {
        display: grid;
        gap: var(--il-space-4);
        max-width: 42rem;
      }
      fieldset {
        margin: 0;
        padding: 0;
        border: 0;
      }
      .draft,
      .sheet-letter {
        white-space: pre-line;
        overflow-wrap: anywhere;
      }
      .draft {
        max-width: 42rem;
        padding: var(--il-space-4);
        border: 1px solid var(--il-rule);
      }
      .sheet-letter + .sheet-letter {
        break-before: page;
      }
    `,
  ];

  @property({ attribute: false }) params: Record<string, string> = {};

  @state() private draft: Detail | null = null;
  @state() private busy = false;
  #printed: string[] = [];

  constructor() {
    super();
    new PrintSheet(this, () =>
      this.#printed.length === 0 ? undefined : this.#printed.map((text) => html`<div class="sheet-letter">${text}</div>`),
    );
  }

  readonly #incident = new Task(this, {
    task: ([id], { signal }) => privacy.get('/incidents/:id', { params: { id }, signal }),
    args: () => [this.params['id'] ?? ''] as const,
    onComplete: (incident) => {
      this.draft = incident;
    },
  });

  override render() {
    return html`<div class="page screen-only">
      ${this.#incident.render({
        pending: () => (this.draft ? this.#complete(this.draft) : html`<il-skeleton lines="8"></il-skeleton>`),
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#incident.run()}></il-problem>`,
        complete: (incident) => this.#complete(this.draft ?? incident),
      })}
    </div>`;
  }

  #complete(incident: Detail) {
    const { id, number, state, actions, school, awareAt, steps } = incident;
    return html`
      <il-page-head
        heading=${this.t('incidents.heading', { number })}
        .back=${{ href: '/beheer/privacy/incidenten', text: this.t('incidents.title') }}
      >
        <p>
          ${school ?? this.t('requests.operator')} · ${this.t('incidents.awareOn', { date: formatDate(awareAt, 'time') })} ·
          ${this.t(`incidents.states.${state}`)} ${hoursLeft(incident, (key, options) => this.t(key, options))}
        </p>
      </il-page-head>
      ${this.#form(incident)}
      <section class="stack" aria-labelledby="affected">
        <h2 id="affected">${this.t('incidents.affected')}</h2>
        <privacy-affected-people
          incident=${id}
          .closed=${state === 'closed'}
          @privacy-affected=${() => this.renderRoot.querySelector('privacy-told-schools')?.refresh()}
          @privacy-letters=${({ detail }: CustomEvent<{ names: string[] }>) => this.#letters(incident, detail.names)}
        ></privacy-affected-people>
      </section>
      ${
        school === null && this.can('privacy:erase')
          ? html`<privacy-told-schools incident=${id} .closed=${state === 'closed'}></privacy-told-schools>`
          : nothing
      }
      <section class="stack" aria-labelledby="notification">
        <h2 id="notification">${this.t('incidents.draft.title')}</h2>
        <p>${this.t('incidents.draft.text')}</p>
        <div class="draft">${this.#notification(incident)}</div>
        <div class="actions">
          <wa-button appearance="outlined" @click=${() => this.#print([this.#notification(incident)])}>
            <il-icon slot="start" name="printer"></il-icon>${this.t('incidents.draft.print')}
          </wa-button>
          ${actions.map(
            (action) => html`<wa-button appearance="outlined" @click=${() => this.#act(action)}>
              ${this.t(`incidents.actions.${action}`)}
            </wa-button>`,
          )}
        </div>
      </section>
      <section class="stack" aria-labelledby="history">
        <h2 id="history">${this.t('requests.history')}</h2>
        <ul class="list">
          ${steps.map(
            ({ action, by, at }) => html`<li class="row">
              <span class="grow">${this.t(`incidents.done.${action}`)}</span>
              <span class="small muted">${[by, formatDate(at, 'time')].filter((each) => each !== null).join(' · ')}</span>
            </li>`,
          )}
        </ul>
      </section>
    `;
  }

  #set(change: Partial<Detail>): void {
    if (this.draft !== null) this.draft = { ...this.draft, ...change };
  }

  #form(incident: Detail) {
    const closed = incident.state === 'closed';
    const value = (event: Event) => (event.target as HTMLInputElement).value;
    const count = (name: 'peopleCount' | 'recordsCount') => html`<wa-input
      type="number"
      min="0"
      label=${this.t(`incidents.fields.${name}`)}
      ?disabled=${closed}
      .value=${incident[name] === null ? '' : String(incident[name])}
      @input=${(event: Event) => this.#set({ [name]: value(event) === '' ? null : Number(value(event)) })}
    ></wa-input>`;
    return html`<form novalidate @submit=${this.#save}>
      ${texts.map(
        (name) => html`<wa-textarea
          label=${this.t(`incidents.fields.${name}`)}
          hint=${this.t(`incidents.hints.${name}`)}
          rows=${name === 'contactPoint' ? 1 : 3}
          maxlength=${name === 'contactPoint' ? 500 : 4000}
          ?disabled=${closed}
          .value=${incident[name]}
          @input=${(event: Event) => this.#set({ [name]: value(event) })}
        ></wa-textarea>`,
      )}
      <fieldset>
        <legend class="strong">${this.t('incidents.fields.categories')}</legend>
        ${categories.map(
          (category) => html`<div>
            <wa-checkbox
              ?disabled=${closed}
              .checked=${incident.categories.includes(category)}
              @change=${(event: Event) => this.#toggle(category, (event.target as HTMLInputElement).checked)}
              >${this.t(`incidents.categories.${category}`)}</wa-checkbox
            >
          </div>`,
        )}
      </fieldset>
      ${count('peopleCount')} ${count('recordsCount')}
      <wa-radio-group
        label=${this.t('incidents.fields.risk')}
        .value=${incident.risk ?? ''}
        ?disabled=${closed}
        @change=${(event: Event) => this.#set({ risk: value(event) as Detail['risk'] })}
      >
        ${(['none', 'risk', 'high'] as const).map((risk) => html`<wa-radio value=${risk}>${this.t(`incidents.risks.${risk}`)}</wa-radio>`)}
      </wa-radio-group>
      ${
        closed
          ? nothing
          : html`<div class="actions">
              <wa-button type="submit" variant="brand" ?loading=${this.busy}>${this.t('incidents.save')}</wa-button>
            </div>`
      }
    </form>`;
  }

  #toggle(category: (typeof categories)[number], on: boolean): void {
    const rest = (this.draft?.categories ?? []).filter((each) => each !== category);
    this.#set({ categories: on ? [...rest, category] : rest });
  }

  async #store(): Promise<void> {
    if (this.draft === null) return;
    const { id, what, beganAt, categories: chosen, peopleCount, recordsCount, risk } = this.draft;
    const { consequences, measures, reason, contactPoint, lessons } = this.draft;
    const body = {
      ...{ what, beganAt, peopleCount, recordsCount, risk, consequences, measures, reason, contactPoint, lessons },
      categories: chosen as (typeof categories)[number][],
    };
    await privacy.put('/incidents/:id', { params: { id }, body });
  }

  readonly #save = (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    return this.#busyWith(async () => {
      await this.#store();
      notify({ kind: 'success', text: this.t('incidents.saved') });
      await this.#incident.run();
    });
  };

  /** What was typed is stored first: a transition looks at what is stored. */
  #act(action: IncidentAction): Promise<void> {
    return this.#busyWith(async () => {
      const id = this.params['id'] ?? '';
      if (this.draft?.state !== 'closed') await this.#store();
      await privacy.post('/incidents/:id/actions', { params: { id }, body: { action } });
      notify({ kind: 'success', text: this.t(`incidents.done.${action}`) });
      await this.#incident.run();
    });
  }

  async #busyWith(act: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await act();
    } catch (problem) {
      const missing = problem instanceof ApiProblem ? problem.errors?.[0]?.pointer.slice(1) : undefined;
      const text =
        missing === undefined
          ? (problem as Error).message
          : this.t('incidents.missing', { field: this.t(`incidents.fields.${missing}`) });
      notify({ kind: 'error', text });
    } finally {
      this.busy = false;
    }
  }

  /** All that GDPR art. 33(3) asks. */
  #notification({ what, awareAt, beganAt, categories: chosen, peopleCount, recordsCount, ...rest }: Detail): string {
    const t = (key: string, options?: Record<string, unknown>) => this.t(`incidents.draft.${key}`, options);
    const unknown = t('unknown');
    const lines: [string, string][] = [
      ['nature', what],
      [
        'moments',
        t('momentsText', { began: beganAt === null ? unknown : formatDate(beganAt, 'time'), aware: formatDate(awareAt, 'time') }),
      ],
      ['categories', chosen.map((each) => this.t(`incidents.categories.${each}`)).join(', ') || unknown],
      ['people', peopleCount === null ? unknown : String(peopleCount)],
      ['records', recordsCount === null ? unknown : String(recordsCount)],
      ['contact', rest.contactPoint || unknown],
      ['consequences', rest.consequences || unknown],
      ['measures', rest.measures || unknown],
      ...(rest.reason === '' ? [] : [['reason', rest.reason] as [string, string]]),
    ];
    return lines.map(([key, text]) => `${t(key)}\n${text}`).join('\n\n');
  }

  /** Letters to those affected, in plain words (art. 34(2)), one on a sheet. */
  #letters({ what, consequences, measures, contactPoint, school }: Detail, names: readonly string[]): void {
    const sender = school ?? this.t('requests.operator');
    this.#print(
      names.map((name) => this.t('incidents.letter', { name, what, consequences, measures, contact: contactPoint, sender })),
    );
  }

  #print(pages: string[]): void {
    this.#printed = pages;
    const done = () => {
      this.#printed = [];
    };
    addEventListener('afterprint', done, { once: true });
    print();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-incident-page': IncidentPage;
  }
}
