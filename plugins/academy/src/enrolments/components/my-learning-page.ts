import type { Answer } from '@ilearn/core';
import { type ApiProblem, confirmDialog, formatDate, formatMinutes, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, state as internal, property } from 'lit/decorators.js';
import { academy } from '../../client.js';
import '../../calendar/components/calendar-feed.js';
import '../../evaluations/components/evaluation-dialog.js';
import { academyTabs, tabStyles } from '../../shared/tabs.js';
import { sessionText, stateMark } from '../../shared/words.js';
import '../../shared/self-paced.js';
import type { enrolmentRoutes } from '../routes.js';

type Own = Answer<typeof enrolmentRoutes, 'GET', '/my-learning'>['enrolments'][number];

/** `/academie/mijn`: one's own sign-ups: to come, waiting and done. With an event in the address, that one is marked. */
@customElement('academy-my-learning-page')
export class MyLearningPage extends PortalElement {
  static override ns = 'academy';
  static override styles = [
    sharedStyles,
    tabStyles,
    css`
      .entry {
        display: grid;
        gap: var(--il-space-2);
        padding: var(--il-space-4) var(--il-space-2);
        border-bottom: 1px solid var(--il-rule);
      }
      .entry.marked {
        padding-inline-start: var(--il-space-4);
        border-inline-start: 4px solid var(--il-ink);
      }
      .top {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-2) var(--il-space-4);
        align-items: baseline;
        justify-content: space-between;
      }
    `,
  ];

  @property({ attribute: false }) params: Record<string, string> = {};
  /** The event that is being evaluated. */
  @internal() private evaluating: string | undefined;

  readonly #loaded = new Task(this, {
    task: (_, { signal }) => academy.get('/my-learning', { signal }),
    args: () => [] as const,
  });

  override render() {
    return html`<div class="page">
      <il-page-head heading=${this.t('mine.title')}></il-page-head>
      ${academyTabs(this, '/academie/mijn')}
      ${this.#loaded.render({
        pending: () =>
          this.#loaded.value ? this.#page(this.#loaded.value.enrolments) : html`<il-skeleton lines="6"></il-skeleton>`,
        complete: ({ enrolments }) => this.#page(enrolments),
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#loaded.run()}></il-problem>`,
      })}
    </div>`;
  }

  #page(all: Own[]) {
    if (all.length === 0) {
      return html`<il-empty icon="graduation-cap" heading=${this.t('mine.empty')} text=${this.t('mine.emptyText')}>
        <wa-button variant="brand" href="/academie">${this.t('mine.toCatalogue')}</wa-button>
      </il-empty>`;
    }
    const waiting = all.filter(({ state }) => ['requested', 'endorsed', 'waitlisted', 'offered'].includes(state));
    const coming = all.filter(
      ({ state, endsAt }) => state === 'booked' && (endsAt === null || new Date(endsAt).getTime() > Date.now()),
    );
    const rest = all.filter((each) => !waiting.includes(each) && !coming.includes(each));
    const done = rest.filter(({ state }) => ['booked', 'attended', 'partial', 'no_show'].includes(state));
    const ended = rest.filter((each) => !done.includes(each));
    const bySoonest = (one: Own, other: Own) => String(one.startsAt ?? '9').localeCompare(String(other.startsAt ?? '9'));
    return html`
      ${this.#section('coming', coming.sort(bySoonest))} ${this.#section('waiting', waiting.sort(bySoonest))}
      ${this.#section('done', done)} ${this.#section('ended', ended)}
      <academy-calendar-feed></academy-calendar-feed>
      <academy-evaluation-dialog
        .event=${this.evaluating ?? ''}
        .open=${this.evaluating !== undefined}
        @il-close=${() => this.#evaluate(undefined)}
        @academy-evaluated=${() => this.#loaded.run()}
      ></academy-evaluation-dialog>
    `;
  }

  #section(name: string, entries: Own[]) {
    if (entries.length === 0) return nothing;
    return html`<section class="stack" aria-labelledby=${name}>
      <h2 id=${name}>${this.t(`mine.${name}`)}</h2>
      <ul class="list">${entries.map((entry) => this.#entry(entry))}</ul>
    </section>`;
  }

  #entry(entry: Own) {
    const { event, training, title, state, providerName, minutes, sessions, reason } = entry;
    return html`<li class="entry ${this.params['event'] === event ? 'marked' : ''}">
      <div class="top">
        <h3><a href="/academie/vorming/${training}">${title}</a></h3>
        ${stateMark((key, options) => this.t(key, options), state)}
      </div>
      <p class="facts">
        <span>${providerName}</span>${minutes === null ? nothing : html`<span>${formatMinutes(minutes)}</span>`}
        <span>${this.t(`values.region.${entry.region}`)}</span>
      </p>
      ${
        sessions.length === 0
          ? html`<p>${this.t(entry.selfPaced ? 'selfPaced.title' : 'mine.undated')}</p>`
          : html`<ul>
              ${sessions.map(
                (session) => html`<li>
                  ${sessionText(session)}${session.room === '' ? nothing : ` · ${session.room}`}
                  ${session.link !== '' && state === 'booked' ? html` · <a href=${session.link} rel="noopener noreferrer" target="_blank">${this.t('mine.join')}</a>` : nothing}
                </li>`,
              )}
            </ul>`
      }
      <p>${this.#why(entry)}</p>
      ${reason === '' ? nothing : html`<p>${this.t('mine.reason', { reason })}</p>`}
      ${this.#actions(entry)}
    </li>`;
  }

  /** Why it is in its state, and what happens next. */
  #why({ state, place, offeredUntil, cancelBy, selfPaced }: Own) {
    if (selfPaced && state === 'booked') return this.t('selfPaced.text');
    if (state === 'waitlisted') return this.t('mine.why.waitlisted', { place });
    if (state === 'offered') return this.t('mine.why.offered', { until: formatDate(offeredUntil, 'time') });
    if (state === 'booked' && cancelBy !== null) return this.t('mine.why.bookedUntil', { day: formatDate(cancelBy, 'long') });
    return this.t(`mine.why.${state}`);
  }

  #actions(entry: Own) {
    const { id, state, startsAt, cancelBy } = entry;
    if (state === 'offered') {
      return html`<div class="actions">
        <wa-button variant="brand" @click=${() => this.#answer(id, true)}>${this.t('mine.accept')}</wa-button>
        <wa-button appearance="outlined" @click=${() => this.#answer(id, false)}>${this.t('mine.pass')}</wa-button>
        ${this.#leave(entry)}
      </div>`;
    }
    if (['attended', 'partial'].includes(state) && !entry.evaluated) {
      return html`<div class="actions">
        <wa-button appearance="outlined" @click=${() => this.#evaluate(entry.event)}>
          ${this.t('evaluation.title')}<span class="visually-hidden"> – ${entry.title}</span>
        </wa-button>
      </div>`;
    }
    if (['requested', 'endorsed', 'waitlisted'].includes(state)) return html`<div class="actions">${this.#leave(entry)}</div>`;
    if (entry.selfPaced && state === 'booked')
      return html`<div class="actions">
        <academy-self-paced .training=${entry.training} .heading=${entry.title} .signUp=${state}></academy-self-paced>${this.#leave(entry)}
      </div>`;
    const now = Date.now();
    if (state !== 'booked' || startsAt === null || new Date(startsAt).getTime() <= now) return nothing;
    const mayCancel = new Date(cancelBy ?? startsAt).getTime() > now;
    return html`<div class="actions">
      <wa-button appearance="outlined" href="/api/academy/my-learning/${entry.event}/calendar" download>
        <il-icon slot="start" name="calendar-days"></il-icon>${this.t('calendar.file')}<span class="visually-hidden"> – ${entry.title}</span>
      </wa-button>
      ${mayCancel ? this.#leave(entry) : nothing}
    </div>`;
  }

  #evaluate(event: string | undefined): void {
    this.evaluating = event;
  }

  #leave({ id, title, state }: Own) {
    return html`<wa-button appearance="outlined" @click=${() => this.#cancel(id, title, state)}>
      ${this.t(state === 'booked' ? 'mine.cancel' : 'mine.withdraw')}<span class="visually-hidden"> – ${title}</span>
    </wa-button>`;
  }

  async #answer(id: string, accepts: boolean): Promise<void> {
    await this.#change(
      () => academy.post('/enrolments/:id/answer', { params: { id }, body: { accepts } }),
      accepts ? 'mine.accepted' : 'mine.passed',
    );
  }

  async #cancel(id: string, title: string, state: string): Promise<void> {
    const booked = state === 'booked';
    const sure = await confirmDialog({
      title: this.t(booked ? 'mine.cancelTitle' : 'mine.withdrawTitle', { title }),
      text: this.t(booked ? 'mine.cancelText' : 'mine.withdrawText'),
      confirm: this.t(booked ? 'mine.cancel' : 'mine.withdraw'),
      danger: true,
    });
    if (!sure) return;
    await this.#change(() => academy.post('/enrolments/:id/cancellation', { params: { id }, body: {} }), 'mine.cancelled');
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
    'academy-my-learning-page': MyLearningPage;
  }
}
