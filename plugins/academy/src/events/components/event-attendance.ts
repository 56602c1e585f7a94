import type { Answer } from '@ilearn/core';
import { type ApiProblem, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { academy } from '../../client.js';
import { tabStyles } from '../../shared/tabs.js';
import { sessionText } from '../../shared/words.js';
import type { eventRoutes } from '../routes.js';

type Details = Answer<typeof eventRoutes, 'GET', '/desk/events/:id'>;
type Enrolment = Details['enrolments'][number];
type Session = Details['sessions'][number];

const marks = ['attended', 'partial', 'no_show'] as const;
type Mark = (typeof marks)[number];
const seated = ['booked', ...marks];

/** What the sessions say of somebody; null while one of them is not noted. */
function adviceFor({ presentIn, absentFrom }: Enrolment, sessions: readonly Session[]): Mark | null {
  const present = sessions.filter(({ id }) => presentIn.includes(id)).length;
  const absent = sessions.filter(({ id }) => absentFrom.includes(id)).length;
  if (sessions.length < 2 || present + absent < sessions.length) return null;
  return absent === 0 ? 'attended' : present === 0 ? 'no_show' : 'partial';
}

/**
 * Who was there, with large buttons for a tablet: at each session, which advises, and at the whole event, which decides.
 * @fires academy-marked - after something was noted
 */
@customElement('academy-event-attendance')
export class EventAttendance extends PortalElement {
  static override ns = 'academy';
  static override styles = [
    sharedStyles,
    tabStyles,
    css`
      .marks,
      .sessions {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-2);
      }
      button {
        min-width: 6.5rem;
        min-height: 52px;
        padding: 0 var(--il-space-3);
        color: inherit;
        font: inherit;
        font-weight: 600;
        background: var(--il-surface);
        border: 2px solid var(--il-edge);
        border-radius: var(--il-radius);
        cursor: pointer;
      }
      button[aria-pressed='true'] {
        color: var(--il-paper);
        background: var(--il-ink);
        border-color: var(--il-ink);
      }
      @media (max-width: 40rem) {
        .row {
          flex-wrap: wrap;
        }
        .row .grow {
          flex-basis: 100%;
        }
        button {
          flex: 1;
          min-width: 5rem;
        }
      }
    `,
  ];

  @property({ attribute: false }) sessions: Session[] = [];
  @property({ attribute: false }) enrolments: Enrolment[] = [];
  /** Id of the session that is noted; undefined: the whole event. */
  @state() private chosen: string | undefined;

  override render() {
    const rows = this.enrolments.filter(({ state: each }) => seated.includes(each));
    if (rows.length === 0) {
      return html`<il-empty icon="clipboard-check" heading=${this.t('event.nobody')} text=${this.t('event.nobodyText')}></il-empty>`;
    }
    const session = this.sessions.find(({ id }) => id === this.chosen);
    return html`<div class="stack">
      ${this.#choice(session)}
      ${session === undefined ? this.#whole(rows) : this.#atSession(rows, session)}
    </div>`;
  }

  /** With one session there is nothing to choose. */
  #choice(session: Session | undefined) {
    if (this.sessions.length < 2) return nothing;
    return html`<div class="sessions" role="group" aria-label=${this.t('event.views.attendance')}>
      <button type="button" aria-pressed=${session === undefined} @click=${() => this.#choose(undefined)}>${this.t('event.whole')}</button>
      ${this.sessions.map(
        (each, at) =>
          html`<button type="button" aria-pressed=${each === session} @click=${() => this.#choose(each.id)}>
            ${this.t('event.atSession', { number: at + 1, when: sessionText(each) })}
          </button>`,
      )}
    </div>`;
  }

  #choose(session: string | undefined): void {
    this.chosen = session;
  }

  #whole(rows: Enrolment[]) {
    const advised = rows.filter((row) => row.state === 'booked' && adviceFor(row, this.sessions) !== null);
    return html`<p>${this.t('event.marked', { count: rows.filter(({ state: each }) => each !== 'booked').length, all: rows.length })}</p>
      ${
        advised.length === 0
          ? nothing
          : html`<div class="actions">
              <wa-button appearance="outlined" @click=${() => this.#take(advised)}>${this.t('event.takeAdvice', { count: advised.length })}</wa-button>
            </div>`
      }
      <ul class="list">
        ${rows.map((row) => {
          const advice = adviceFor(row, this.sessions);
          return html`<li class="row">
            ${this.#who(row, advice === null ? nothing : html`<br /><span class="small">${this.t('event.advice', { mark: this.t(`event.marks.${advice}`) })}</span>`)}
            <div class="marks" role="group" aria-label=${this.#name(row)}>
              ${marks.map(
                (
                  mark,
                ) => html`<button type="button" aria-pressed=${row.state === mark} @click=${() => this.#mark(row, row.state === mark ? null : mark)}>
                  ${this.t(`event.marks.${mark}`)}
                </button>`,
              )}
            </div>
          </li>`;
        })}
      </ul>`;
  }

  #atSession(rows: Enrolment[], { id }: Session) {
    const noted = (row: Enrolment) => (row.presentIn.includes(id) ? true : row.absentFrom.includes(id) ? false : null);
    return html`<p>${this.t('event.noted', { count: rows.filter((row) => noted(row) !== null).length, all: rows.length })}</p>
      <ul class="list">
        ${rows.map(
          (row) => html`<li class="row">
            ${this.#who(row)}
            <div class="marks" role="group" aria-label=${this.#name(row)}>
              ${[true, false].map(
                (present) => html`<button
                  type="button"
                  aria-pressed=${noted(row) === present}
                  @click=${() => this.#note(row, id, noted(row) === present ? null : present)}
                >
                  ${this.t(present ? 'event.present' : 'event.absent')}
                </button>`,
              )}
            </div>
          </li>`,
        )}
      </ul>`;
  }

  #who(row: Enrolment, more: unknown = nothing) {
    return html`<span class="grow"
      ><span class="strong">${this.#name(row)}</span><br /><span class="small muted">${row.schoolName}</span>${more}</span
    >`;
  }

  #name({ name }: Enrolment): string {
    return name ?? this.t('team.later');
  }

  #put({ id }: Enrolment, mark: Mark | null) {
    return academy.put('/desk/enrolments/:id/mark', { params: { id }, body: { mark } });
  }

  #mark(row: Enrolment, mark: Mark | null): Promise<void> {
    const before = marks.find((each) => each === row.state) ?? null;
    return this.#change(
      () => this.#put(row, mark),
      () =>
        notify({
          kind: 'success',
          text: this.t(mark === null ? 'event.unmarked' : 'event.markedAs', {
            mark: mark === null ? '' : this.t(`event.marks.${mark}`),
          }),
          action: { label: this.t('event.undo'), run: () => void this.#change(() => this.#put(row, before)) },
        }),
    );
  }

  #note({ id }: Enrolment, session: string, present: boolean | null): Promise<void> {
    return this.#change(() =>
      academy.put('/desk/enrolments/:id/sessions/:session', { params: { id, session }, body: { present } }),
    );
  }

  #take(rows: Enrolment[]): Promise<void> {
    return this.#change(async () => {
      for (const row of rows) await this.#put(row, adviceFor(row, this.sessions));
    });
  }

  async #change(call: () => Promise<unknown>, done: () => void = () => {}): Promise<void> {
    try {
      await call();
      done();
    } catch (problem) {
      notify({ kind: 'error', text: (problem as ApiProblem).message });
    }
    this.emit('academy-marked', {});
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'academy-event-attendance': EventAttendance;
  }
}
