import type { Answer } from '@ilearn/core';
import { formatDate, navigate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { privacy } from '../../client.js';
import './told-incidents.js';
import type { incidentRoutes } from '../routes.js';

type Line = Answer<typeof incidentRoutes, 'GET', '/incidents'>['incidents'][number];

const operator = 'operator';
const soonHours = 24;

/** The 72-hour clock of an incident, in words. */
export const hoursLeft = ({ hours }: Pick<Line, 'hours'>, t: (key: string, options?: Record<string, unknown>) => string) => {
  if (hours === null) return nothing;
  if (hours < 0) {
    return html`<span class="hours bad"><il-icon name="triangle-alert"></il-icon>${t('incidents.late', { count: -hours })}</span>`;
  }
  return html`<span class="hours ${hours < soonHours ? 'warn' : ''}"
    ><il-icon name="clock"></il-icon>${t('incidents.left', { count: hours })}</span
  >`;
};

export const hoursStyles = css`
  .hours {
    display: inline-flex;
    gap: var(--il-space-1);
    align-items: center;
    font-weight: 600;
  }
  .bad {
    color: var(--il-bad);
  }
  .warn {
    color: var(--il-warn);
  }
`;

/** `/beheer/privacy/incidenten`: incidents with personal data, and a form to record one. */
@customElement('privacy-incidents-page')
export class IncidentsPage extends PortalElement {
  static override ns = 'privacy';
  static override styles = [
    sharedStyles,
    hoursStyles,
    css`
      .form {
        display: grid;
        gap: var(--il-space-4);
      }
    `,
  ];

  @state() private draft: { school: string; what: string; awareAt: string } | null = null;
  @state() private busy = false;

  readonly #incidents = new Task(this, {
    task: (_, { signal }) => privacy.get('/incidents', { signal }),
    args: () => [] as const,
  });
  readonly #schools = new Task(this, { task: (_, { signal }) => privacy.get('/schools', { signal }), args: () => [] as const });

  override render() {
    return html`
      <div class="page">
        <il-page-head heading=${this.t('incidents.title')} .back=${{ href: '/beheer/privacy', text: this.t('people.title') }}>
          <p>${this.t('incidents.intro')}</p>
          <wa-button slot="actions" variant="brand" @click=${this.#begin}>
            <il-icon slot="start" name="plus"></il-icon>${this.t('incidents.record')}
          </wa-button>
        </il-page-head>
        <privacy-told-incidents></privacy-told-incidents>
        ${this.#incidents.render({
          pending: () => html`<il-skeleton lines="4"></il-skeleton>`,
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#incidents.run()}></il-problem>`,
          complete: ({ incidents, more }) => this.#list(incidents, more),
        })}
        ${this.#dialog()}
      </div>
    `;
  }

  #list(incidents: readonly Line[], more: boolean) {
    if (incidents.length === 0) {
      return html`<il-empty icon="shield-check" heading=${this.t('incidents.none')} text=${this.t('incidents.noneText')}></il-empty>`;
    }
    return html`<ul class="list">
        ${incidents.map(
          (each) => html`<li>
            <a class="row" href="/beheer/privacy/incidenten/${each.id}">
              <span class="grow">
                <span class="strong">${each.what}</span><br />
                <span class="small muted">
                  ${this.t('requests.number', { number: each.number })} · ${each.school ?? this.t('requests.operator')} ·
                  ${this.t('incidents.awareOn', { date: formatDate(each.awareAt, 'time') })}
                </span>
              </span>
              <span>${this.t(`incidents.states.${each.state}`)}</span>
              ${hoursLeft(each, (key, options) => this.t(key, options))}
            </a>
          </li>`,
        )}
      </ul>
      <il-truncated ?more=${more} shown=${incidents.length}></il-truncated>`;
  }

  readonly #begin = (): void => {
    const [first] = this.#schools.value?.schools ?? [];
    const now = new Date();
    const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
    this.draft = { school: this.can('privacy:erase') ? operator : (first?.id ?? operator), what: '', awareAt: local };
  };

  readonly #end = (): void => {
    this.draft = null;
  };

  #set(change: object): void {
    if (this.draft !== null) this.draft = { ...this.draft, ...change };
  }

  #dialog() {
    const { draft } = this;
    const schools = this.#schools.value?.schools ?? [];
    const value = (event: Event) => (event.target as HTMLInputElement).value;
    const options = [
      ...(this.can('privacy:erase') ? [{ value: operator, label: this.t('requests.operator') }] : []),
      ...schools.map(({ id, name }) => ({ value: id, label: name })),
    ];
    return html`<il-dialog heading=${this.t('incidents.record')} .open=${draft !== null} @il-close=${this.#end}>
      ${
        draft === null
          ? nothing
          : html`<div class="form">
              <p>${this.t('incidents.recordText')}</p>
              ${
                options.length < 2
                  ? nothing
                  : html`<il-combobox
                      label=${this.t('incidents.whose')}
                      .options=${options}
                      .value=${draft.school}
                      @il-change=${({ detail }: CustomEvent<{ value: string }>) => this.#set({ school: detail.value })}
                    ></il-combobox>`
              }
              <wa-input
                type="datetime-local"
                label=${this.t('incidents.awareAt')}
                .value=${draft.awareAt}
                @input=${(event: Event) => this.#set({ awareAt: value(event) })}
              ></wa-input>
              <wa-textarea
                label=${this.t('incidents.fields.what')}
                hint=${this.t('incidents.whatHint')}
                rows="3"
                maxlength="4000"
                .value=${draft.what}
                @input=${(event: Event) => this.#set({ what: value(event) })}
              ></wa-textarea>
            </div>`
      }
      <wa-button
        slot="footer"
        variant="brand"
        ?loading=${this.busy}
        ?disabled=${draft === null || draft.what.trim() === '' || draft.awareAt === ''}
        @click=${this.#save}
        >${this.t('incidents.start')}</wa-button
      >
    </il-dialog>`;
  }

  readonly #save = async (): Promise<void> => {
    if (this.busy || this.draft === null) return;
    this.busy = true;
    const { school, what, awareAt } = this.draft;
    try {
      const body = { what, school: school === operator ? null : school, awareAt: new Date(awareAt).toISOString() };
      const { id } = await privacy.post('/incidents', { body });
      navigate(`/beheer/privacy/incidenten/${id}`);
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    } finally {
      this.busy = false;
    }
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-incidents-page': IncidentsPage;
  }
}
