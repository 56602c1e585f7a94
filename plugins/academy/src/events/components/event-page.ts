import type { Answer } from '@ilearn/core';
import { type ApiProblem, formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { academy } from '../../client.js';
import '../../certificates/components/event-certificates.js';
import '../../evaluations/components/event-evaluation.js';
import { loadedPage } from '../../shared/loaded-page.js';
import { tabStyles } from '../../shared/tabs.js';
import { sessionText, stateMark } from '../../shared/words.js';
import type { eventRoutes } from '../routes.js';
import './copy-dialog.js';
import './event-attendance.js';

type Details = Answer<typeof eventRoutes, 'GET', '/desk/events/:id'>;
type Enrolment = Details['enrolments'][number];

const views = ['enrolled', 'queue', 'attendance', 'certificates', 'evaluation'] as const;
type View = (typeof views)[number];
const seated = ['booked', 'attended', 'partial', 'no_show'];

/** A question for the reason of what is to be done. */
interface Question {
  title: string;
  text: string;
  confirm: string;
  act: (reason: string) => Promise<unknown>;
}

/** `/academie/moment/:id`: an event at the provider's desk: who is enrolled, the queue, attendance. */
@customElement('academy-event-page')
export class EventPage extends PortalElement {
  static override ns = 'academy';
  static override styles = [
    sharedStyles,
    tabStyles,
    css`
      @media (max-width: 40rem) {
        .row {
          flex-wrap: wrap;
        }
        .row .grow {
          flex-basis: 100%;
        }
      }
    `,
  ];

  @property({ attribute: false }) params: Record<string, string> = {};
  @property({ attribute: false }) query = new URLSearchParams();
  @state() private asking: Question | undefined;
  @state() private reason = '';
  /** Whether the dialog is open that plans it again. */
  @state() private copying = false;

  get #view(): View {
    return views.find((view) => view === this.query.get('toon')) ?? 'enrolled';
  }

  readonly #loaded = new Task(this, {
    task: async ([id], { signal }) => {
      const details = await academy.get('/desk/events/:id', { params: { id }, signal });
      this.emit('il-title', { title: details.title });
      return details;
    },
    args: () => [this.params['id'] ?? ''] as const,
  });

  override render() {
    return loadedPage(this.#loaded, { head: () => this.#head(this.t('event.title')), page: (each) => this.#page(each) });
  }

  #head(title: string, content: unknown = nothing) {
    return html`<il-page-head heading=${title} .back=${{ href: '/academie/aanbod', text: this.t('desk.title') }}>${content}</il-page-head>`;
  }

  #page(details: Details) {
    const { id, title, sessions, capacity, taken, waiting, state: eventState } = details;
    const [first] = sessions;
    const over = details.startsAt !== null && new Date(details.startsAt).getTime() <= Date.now();
    const changeable = this.can('academy:plan') && eventState === 'planned';
    return html`
      ${this.#head(
        title,
        html`<p class="facts">
            <span>${first === undefined ? this.t(details.selfPaced ? 'selfPaced.title' : 'training.interest') : sessionText(first)}</span>
            ${sessions.length > 1 ? html`<span>${this.t('training.sessions', { count: sessions.length })}</span>` : nothing}
            <span>${this.t(`values.region.${details.region}`)}${first?.room ? `, ${first.room}` : ''}</span>
            <span>${this.t('desk.seats', { taken, capacity })}</span>
            ${waiting > 0 ? html`<span>${this.t('desk.waiting', { count: waiting })}</span>` : nothing}
            ${details.trainerNames.length > 0 ? html`<span>${this.t('event.given', { names: details.trainerNames.join(', ') })}</span>` : nothing}
          </p>
          ${eventState === 'cancelled' ? html`<p><span class="state bad"><il-icon name="x"></il-icon>${this.t('states.event_cancelled')}</span></p>` : nothing}
          ${
            changeable
              ? html`<wa-button slot="actions" appearance="outlined" @click=${() => this.#copy(true)}>${this.t('event.again')}</wa-button>
                  <wa-button slot="actions" appearance="outlined" href="/academie/moment/${id}/bewerken">${this.t('event.change')}</wa-button>
                  ${over ? nothing : html`<wa-button slot="actions" appearance="outlined" @click=${() => this.#cancelEvent(details)}>${this.t('event.cancel')}</wa-button>`}`
              : nothing
          }`,
      )}
      <nav class="tabs" aria-label=${title}>
        <ul>
          ${views.map(
            (view) =>
              html`<li><a href="/academie/moment/${id}?toon=${view}" aria-current=${view === this.#view ? 'page' : nothing}>${this.t(`event.views.${view}`)}</a></li>`,
          )}
        </ul>
      </nav>
      ${this.#shown(details, over)}
      <academy-copy-dialog .event=${id} .open=${this.copying} @il-close=${() => this.#copy(false)}></academy-copy-dialog>
      ${this.#question()}
    `;
  }

  #shown(details: Details, over: boolean) {
    switch (this.#view) {
      case 'queue':
        return this.#queue(details, over);
      case 'attendance':
        return html`<academy-event-attendance
          .sessions=${details.sessions}
          .enrolments=${details.enrolments}
          @academy-marked=${() => this.#loaded.run()}
        ></academy-event-attendance>`;
      case 'certificates':
        return html`<academy-event-certificates .event=${details.id}></academy-event-certificates>`;
      case 'evaluation':
        return html`<academy-event-evaluation .event=${details.id}></academy-event-evaluation>`;
      default:
        return this.#enrolled(details, over);
    }
  }

  #name({ name }: Enrolment): string {
    return name ?? this.t('team.later');
  }

  #enrolled({ enrolments }: Details, over: boolean) {
    const rows = enrolments.filter(({ state: each }) => [...seated, 'offered'].includes(each));
    const others = enrolments.filter(({ state: each }) => ['declined', 'cancelled', 'lapsed', 'event_cancelled'].includes(each));
    if (rows.length + others.length === 0) {
      return html`<il-empty icon="users" heading=${this.t('event.nobody')} text=${this.t('event.nobodyText')}></il-empty>`;
    }
    const mayRemove = this.can('academy:plan') && !over;
    return html`<ul class="list">
        ${rows.map(
          (row) => html`<li class="row">
            <span class="grow"><span class="strong">${this.#name(row)}</span><br /><span class="small muted">${row.schoolName}</span></span>
            ${stateMark((key, options) => this.t(key, options), row.state)}
            ${mayRemove ? html`<wa-button size="s" appearance="outlined" @click=${() => this.#remove(row)}>${this.t('event.remove')}<span class="visually-hidden"> – ${this.#name(row)}</span></wa-button>` : nothing}
          </li>`,
        )}
      </ul>
      ${
        others.length === 0
          ? nothing
          : html`<h2>${this.t('event.left')}</h2>
              <ul class="list">
                ${others.map(
                  (row) => html`<li class="row">
                    <span class="grow">${this.#name(row)} <span class="small muted">${row.schoolName}</span>${row.reason === '' ? nothing : html`<br /><span class="small">${row.reason}</span>`}</span>
                    ${row.late ? html`<span class="small">${this.t('event.late')}</span>` : nothing}
                    ${stateMark((key, options) => this.t(key, options), row.state)}
                  </li>`,
                )}
              </ul>`
      }`;
  }

  #queue({ enrolments, capacity, taken }: Details, over: boolean) {
    const waiting = enrolments.filter(({ state: each }) => ['offered', 'waitlisted'].includes(each));
    const asked = enrolments.filter(({ state: each }) => ['requested', 'endorsed'].includes(each));
    if (waiting.length + asked.length === 0) {
      return html`<il-empty icon="clock" heading=${this.t('event.noQueue')} text=${this.t('event.noQueueText')}></il-empty>`;
    }
    const plans = this.can('academy:plan') && !over;
    return html`
      ${waiting.length > 0 && taken >= capacity ? html`<p>${this.t('event.blocked', { taken, capacity })}</p>` : nothing}
      <ol class="list">
        ${waiting.map(
          (row) => html`<li class="row">
            <span class="grow"><span class="strong">${this.#name(row)}</span><br /><span class="small muted">${row.schoolName}</span></span>
            ${row.offeredUntil === null ? nothing : html`<span class="small">${this.t('event.offeredUntil', { until: formatDate(row.offeredUntil, 'time') })}</span>`}
            ${stateMark((key, options) => this.t(key, options), row.state)}
            ${
              plans && row.state === 'waitlisted'
                ? html`<wa-button size="s" appearance="outlined" @click=${() => this.#promote(row.id)}>${this.t('event.promote')}<span class="visually-hidden"> – ${this.#name(row)}</span></wa-button>`
                : nothing
            }
          </li>`,
        )}
      </ol>
      ${
        asked.length === 0
          ? nothing
          : html`<h2>${this.t('event.asked')}</h2>
              <ul class="list">
                ${asked.map(
                  (row) => html`<li class="row">
                    <span class="grow"><span class="strong">${this.#name(row)}</span><br /><span class="small muted">${row.schoolName}</span></span>
                    ${stateMark((key, options) => this.t(key, options), row.state)}
                    ${
                      plans && row.state === 'endorsed'
                        ? html`<wa-button size="s" variant="brand" @click=${() => this.#decide(row.id, true, '')}>${this.t('event.accept')}<span class="visually-hidden"> – ${this.#name(row)}</span></wa-button>
                            <wa-button size="s" appearance="outlined" @click=${() => this.#refuse(row)}>${this.t('event.refuse')}<span class="visually-hidden"> – ${this.#name(row)}</span></wa-button>`
                        : nothing
                    }
                  </li>`,
                )}
              </ul>`
      }
    `;
  }

  #promote(id: string) {
    return this.#change(() => academy.post('/desk/enrolments/:id/promotion', { params: { id } }), 'event.promoted');
  }

  #decide(id: string, approves: boolean, reason: string) {
    return this.#change(
      () => academy.post('/desk/enrolments/decisions', { body: { ids: [id], approves, reason } }),
      approves ? 'event.accepted' : 'event.refused',
    );
  }

  #refuse(row: Enrolment): void {
    this.#ask('refuse', (reason) => this.#decide(row.id, false, reason));
  }

  #remove({ id }: Enrolment): void {
    this.#ask('remove', (reason) =>
      this.#change(
        () => academy.post('/desk/enrolments/:id/cancellation', { params: { id }, body: { reason } }),
        'event.removed',
      ),
    );
  }

  #cancelEvent({ id }: Details): void {
    this.#ask('cancel', (reason) =>
      this.#change(() => academy.post('/desk/events/:id/cancellation', { params: { id }, body: { reason } }), 'event.cancelled'),
    );
  }

  #copy(open: boolean): void {
    this.copying = open;
  }

  /** Asks for the reason, which the people concerned read. */
  #ask(what: 'refuse' | 'remove' | 'cancel', act: (reason: string) => Promise<unknown>): void {
    this.reason = '';
    this.asking = {
      title: this.t(`event.${what}Title`),
      text: this.t(`event.${what}Text`),
      confirm: this.t(`event.${what}`),
      act,
    };
  }

  #question() {
    const asking = this.asking;
    return html`<il-dialog heading=${asking?.title ?? ''} .open=${asking !== undefined} @il-close=${() => this.#answered()}>
      <div class="stack">
        <p>${asking?.text}</p>
        <wa-textarea
          label=${this.t('team.reason')}
          maxlength="500"
          .value=${this.reason}
          @input=${(event: Event) => this.#because((event.target as HTMLTextAreaElement).value)}
        ></wa-textarea>
      </div>
      <wa-button slot="footer" variant="brand" ?disabled=${this.reason.trim() === ''} @click=${() => this.#act()}>${asking?.confirm}</wa-button>
    </il-dialog>`;
  }

  #because(reason: string): void {
    this.reason = reason;
  }

  #answered(): void {
    this.asking = undefined;
  }

  async #act(): Promise<void> {
    const asking = this.asking;
    const reason = this.reason;
    this.asking = undefined;
    await asking?.act(reason.trim());
  }

  async #change(call: () => Promise<unknown>, done: string): Promise<void> {
    try {
      await call();
      notify({ kind: 'success', text: this.t(done) });
    } catch (problem) {
      notify({ kind: 'error', text: (problem as ApiProblem).message });
    }
    await this.#loaded.run();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'academy-event-page': EventPage;
  }
}
