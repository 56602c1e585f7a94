import type { Answer } from '@ilearn/core';
import { type ApiProblem, confirmDialog, formatDate, formatMinutes, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { academy } from '../../client.js';
import { loadedPage } from '../../shared/loaded-page.js';
import { tabStyles } from '../../shared/tabs.js';
import { schoolOf, sessionText, stateMark } from '../../shared/words.js';
import '../../shared/self-paced.js';
import type { trainingRoutes } from '../routes.js';
import './reserve-dialog.js';

type Training = Answer<typeof trainingRoutes, 'GET', '/catalogue/:id'>;
type Event = Training['events'][number];

const live = ['requested', 'endorsed', 'waitlisted', 'offered', 'booked', 'attended', 'partial', 'no_show'];
export const isLive = (event: Event): boolean => event.mine !== null && live.includes(event.mine.state);

/** `/academie/vorming/:id`: what a training is about, and its events in the box beside it. */
@customElement('academy-training-page')
export class TrainingPage extends PortalElement {
  static override ns = 'academy';
  static override styles = [
    sharedStyles,
    tabStyles,
    css`
      :host {
        container-type: inline-size;
      }
      .columns {
        display: grid;
        gap: var(--il-space-6) var(--il-space-7);
        align-items: start;
      }
      .story {
        white-space: pre-line;
      }
      fieldset {
        display: grid;
        gap: var(--il-space-2);
        min-width: 0;
        margin: 0;
        padding: 0;
        border: 0;
      }
      .option {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 0 var(--il-space-3);
        padding: var(--il-space-3);
        border: 1px solid var(--il-rule);
        border-radius: var(--il-radius);
        cursor: pointer;
      }
      .option:has(:checked) {
        border-color: var(--il-ink);
        background: var(--il-hover);
      }
      .option input {
        width: 20px;
        height: 20px;
        margin: 2px 0 0;
        accent-color: var(--il-ink);
      }
      .option .lines {
        display: grid;
        gap: 2px;
      }
      .clash {
        display: flex;
        gap: 0.4em;
        align-items: center;
        color: var(--il-warn);
        font-weight: 600;
      }
      dl {
        display: grid;
        gap: var(--il-space-3);
      }
      dt {
        color: var(--il-ink-soft);
        font-size: var(--il-text-s);
      }
      @container (min-width: 52rem) {
        .columns {
          grid-template-columns: minmax(0, 1fr) 22rem;
        }
        .box {
          position: var(--il-sticky, sticky);
          top: var(--il-space-4);
        }
      }
    `,
  ];

  @property({ attribute: false }) params: Record<string, string> = {};
  @state() private chosen: string | undefined;
  @state() private busy = false;
  @state() private reserving = false;

  readonly #loaded = new Task(this, {
    task: async ([id], { signal }) => {
      const training = await academy.get('/catalogue/:id', { params: { id }, signal });
      this.emit('il-title', { title: training.title });
      return training;
    },
    args: () => [this.params['id'] ?? ''] as const,
  });

  override render() {
    return loadedPage(this.#loaded, { head: () => this.#head(this.t('training.title')), page: (each) => this.#page(each) });
  }

  #head(title: string, facts: unknown = nothing) {
    return html`<il-page-head heading=${title} .back=${{ href: '/academie', text: this.t('catalogue.title') }}>${facts}</il-page-head>`;
  }

  #page(training: Training) {
    return html`
      ${this.#head(
        training.title,
        html`<p class="facts">
          <span>${training.providerName}</span>
          ${training.minutes === null ? nothing : html`<span>${formatMinutes(training.minutes)}</span>`}
          ${training.cost === '' ? nothing : html`<span>${training.cost}</span>`}
        </p>`,
      )}
      <div class="columns">
        <div class="stack">
          ${training.story === '' ? nothing : html`<p class="story">${training.story}</p>`}
          ${training.goals === '' ? nothing : html`<h2>${this.t('training.goals')}</h2><p class="story">${training.goals}</p>`}
          <dl>
            ${this.#fact('tools', training.tools)} ${this.#fact('foci', training.foci)}
            ${this.#fact(
              'audience',
              training.audience.map((each) => this.t(`values.audience.${each}`)),
            )}
            ${this.#fact(
              'levels',
              training.levels.map((each) => this.t(`values.level.${each}`)),
            )}
            ${this.#fact('certificate', [this.t(`certificateRule.${training.certificate}`)])}
          </dl>
        </div>
        <section class="box panel stack" aria-labelledby="box">${this.#box(training)}</section>
      </div>
    `;
  }

  #fact(name: string, values: string[]) {
    return values.length === 0 ? nothing : html`<div><dt>${this.t(`training.${name}`)}</dt><dd>${values.join(', ')}</dd></div>`;
  }

  #box(training: Training) {
    const { events, title, selfPaced } = training;
    const heading = html`<h2 id="box">${this.t('training.enrol')}</h2>
      ${
        selfPaced === null
          ? nothing
          : html`<div class="stack">
              <p><span class="strong">${this.t('selfPaced.title')}</span><br /><span class="small">${this.t('selfPaced.text')}</span></p>
              ${selfPaced.mine === null ? nothing : html`<p>${stateMark((key, options) => this.t(key, options), selfPaced.mine)}</p>`}
              <div><academy-self-paced .training=${training.id} .signUp=${selfPaced.mine ?? ''}></academy-self-paced></div>
            </div>`
      }`;
    if (events.length === 0) return html`${heading}${selfPaced === null ? html`<p>${this.t('training.noEvents')}</p>` : nothing}`;
    const chosen = events.find(({ id }) => id === this.chosen) ?? events.find((event) => isLive(event)) ?? events[0];
    if (chosen === undefined) return heading;
    return html`
      ${heading}
      <fieldset>
        <legend class="visually-hidden">${this.t('training.choose')}</legend>
        ${events.map((event) => this.#option(event, event === chosen))}
      </fieldset>
      ${this.#details(chosen)}
      ${this.#action(chosen)}
      ${
        this.can('academy:team') && chosen.startsAt !== null
          ? html`<wa-button appearance="outlined" @click=${() => this.#reserve(true)}>${this.t('training.reserve')}</wa-button>
              <academy-reserve-dialog
                .open=${this.reserving}
                .event=${chosen.id}
                .heading=${title}
                .free=${Math.max(0, chosen.capacity - chosen.taken)}
                @il-close=${() => this.#reserve(false)}
                @academy-reserved=${() => this.#loaded.run()}
              ></academy-reserve-dialog>`
          : nothing
      }
    `;
  }

  #reserve(open: boolean): void {
    this.reserving = open;
  }

  #option(event: Event, checked: boolean) {
    const free = Math.max(0, event.capacity - event.taken);
    const [first] = event.sessions;
    return html`<label class="option">
      <input type="radio" name="event" .value=${event.id} .checked=${checked} @change=${() => this.#choose(event.id)} />
      <span class="lines">
        <span class="strong">${first === undefined ? this.t('training.interest') : sessionText(first)}</span>
        ${event.sessions.length > 1 ? html`<span class="small">${this.t('training.sessions', { count: event.sessions.length })}</span>` : nothing}
        <span class="small muted">${this.t(`values.region.${event.region}`)}${first?.room ? ` · ${first.room}` : ''}</span>
        <span class="small">${
          first === undefined
            ? this.t('training.interested', { count: event.waiting })
            : free > 0 && event.waiting === 0
              ? this.t('catalogue.free', { count: free })
              : this.t('catalogue.full', { count: event.waiting })
        }</span>
        ${event.clash && !isLive(event) ? html`<span class="clash small"><il-icon name="triangle-alert"></il-icon>${this.t('training.clash')}</span>` : nothing}
        ${isLive(event) ? html`<span>${stateMark((key, options) => this.t(key, options), event.mine?.state ?? '')}</span>` : nothing}
      </span>
    </label>`;
  }

  #choose(id: string): void {
    this.chosen = id;
  }

  #details(event: Event) {
    return html`<ul class="stack small">
      ${event.approval === 'none' ? nothing : html`<li>${this.t(`training.approval.${event.approval}`)}</li>`}
      ${event.cancelBy === null ? nothing : html`<li>${this.t('training.cancelBy', { day: formatDate(event.cancelBy, 'long') })}</li>`}
      ${event.closesAt === null ? nothing : html`<li>${this.t('training.closes', { day: formatDate(event.closesAt, 'long') })}</li>`}
      ${event.sessions.length > 1 ? event.sessions.map((session) => html`<li>${sessionText(session)}${session.room ? ` · ${session.room}` : ''}</li>`) : nothing}
    </ul>`;
  }

  /** One button, whose words say what will happen. */
  #action(event: Event) {
    if (isLive(event)) {
      return html`<p>${this.t(`training.mine.${event.mine?.state}`)} <a href="/academie/mijn/${event.id}">${this.t('training.toMine')}</a></p>`;
    }
    const [opens, closes] = [event.opensAt, event.closesAt].map((at) => (at === null ? null : new Date(at).getTime()));
    const now = Date.now();
    if (opens !== null && opens !== undefined && opens > now) {
      return html`<p>${this.t('training.opens', { day: formatDate(event.opensAt, 'long') })}</p>`;
    }
    if (closes !== null && closes !== undefined && closes <= now) return html`<p>${this.t('training.closed')}</p>`;
    const full = event.startsAt !== null && (event.taken >= event.capacity || event.waiting > 0);
    if (full && !event.waitingList) return html`<p>${this.t('training.fullNoList')}</p>`;
    const words = event.approval !== 'none' ? 'ask' : event.startsAt === null ? 'keepPosted' : full ? 'queue' : 'book';
    return html`<wa-button variant="brand" ?loading=${this.busy} @click=${() => this.#enrol(event)}>${this.t(`training.do.${words}`)}</wa-button>`;
  }

  async #enrol(event: Event, acceptClash = event.clash): Promise<void> {
    if (event.clash && acceptClash) {
      const sure = await confirmDialog({
        title: this.t('training.clashTitle'),
        text: this.t('training.clashText'),
        confirm: this.t('training.clashConfirm'),
      });
      if (!sure) return;
    }
    this.busy = true;
    try {
      const school = schoolOf(this);
      const { state } = await academy.post('/events/:id/enrolments', { params: { id: event.id }, body: { school, acceptClash } });
      notify({ kind: 'success', text: this.t(`training.done.${state}`) });
    } catch (problem) {
      notify({ kind: 'error', text: (problem as ApiProblem).message });
    } finally {
      this.busy = false;
    }
    await this.#loaded.run();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'academy-training-page': TrainingPage;
  }
}
