import type { Answer } from '@ilearn/core';
import { type ApiProblem, navigate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { academy } from '../../client.js';
import { tabStyles } from '../../shared/tabs.js';
import { sessionText } from '../../shared/words.js';
import type { trainingRoutes } from '../../trainings/routes.js';
import type { eventRoutes } from '../routes.js';

type Events = Answer<typeof eventRoutes, 'GET', '/desk/events'>;
type Trainings = Answer<typeof trainingRoutes, 'GET', '/desk/trainings'>;

const views = ['coming', 'past', 'trainings'] as const;
type View = (typeof views)[number];

/** `/academie/aanbod`: the provider's own events and trainings. */
@customElement('academy-desk-page')
export class DeskPage extends PortalElement {
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

  @property({ attribute: false }) query = new URLSearchParams();

  get #view(): View {
    return views.find((view) => view === this.query.get('toon')) ?? 'coming';
  }

  readonly #loaded = new Task(this, {
    task: async ([view], { signal }) =>
      view === 'trainings'
        ? { view, ...(await academy.get('/desk/trainings', { query: { limit: 100 }, signal })) }
        : {
            view,
            ...(await academy.get('/desk/events', { query: { past: view === 'past' ? 'true' : 'false', limit: 100 }, signal })),
          },
    args: () => [this.#view] as const,
  });

  override render() {
    return html`<div class="page">
      <il-page-head heading=${this.t('desk.title')}>
        ${
          this.can('academy:plan')
            ? html`<wa-button slot="actions" variant="brand" href="/academie/aanbod/nieuw"
                ><il-icon slot="start" name="plus"></il-icon>${this.t('desk.add')}</wa-button
              >`
            : nothing
        }
      </il-page-head>
      <nav class="tabs" aria-label=${this.t('desk.title')}>
        <ul>
          ${views.map(
            (view) =>
              html`<li><a href="/academie/aanbod?toon=${view}" aria-current=${view === this.#view ? 'page' : nothing}>${this.t(`desk.${view}`)}</a></li>`,
          )}
        </ul>
      </nav>
      ${this.#loaded.render({
        pending: () => html`<il-skeleton lines="6"></il-skeleton>`,
        complete: (loaded) => ('events' in loaded ? this.#events(loaded) : this.#trainings(loaded)),
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#loaded.run()}></il-problem>`,
      })}
    </div>`;
  }

  #events({ events, more }: Events) {
    if (events.length === 0) {
      return html`<il-empty icon="calendar-days" heading=${this.t('desk.noEvents')} text=${this.t('desk.noEventsText')}></il-empty>`;
    }
    return html`<ul class="list">
        ${events.map((event) => {
          const first = event.startsAt;
          return html`<li>
            <a class="row" href="/academie/moment/${event.id}">
              <span class="grow">
                <span class="strong">${event.title}</span><br />
                <span class="small muted">${first === null ? this.t(event.selfPaced ? 'selfPaced.title' : 'training.interest') : this.#when(first)} · ${this.t(`values.region.${event.region}`)}</span>
              </span>
              ${event.state === 'cancelled' ? html`<span class="state bad"><il-icon name="x"></il-icon>${this.t('states.event_cancelled')}</span>` : nothing}
              <span class="number">${this.t('desk.seats', { taken: event.taken, capacity: event.capacity })}</span>
              ${event.waiting > 0 ? html`<span class="state warn"><il-icon name="clock"></il-icon>${this.t('desk.waiting', { count: event.waiting })}</span>` : nothing}
            </a>
          </li>`;
        })}
      </ul>
      <il-truncated ?more=${more} shown=${events.length}></il-truncated>`;
  }

  #when(startsAt: string): string {
    const parts = new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Brussels', dateStyle: 'short', timeStyle: 'short' }).format(
      new Date(startsAt),
    );
    const [day = '', starts = ''] = parts.split(' ');
    return sessionText({ day, starts, ends: '' }).replace(/–$/, '');
  }

  #trainings({ trainings, more }: Trainings) {
    if (trainings.length === 0) {
      return html`<il-empty icon="graduation-cap" heading=${this.t('desk.noTrainings')} text=${this.t('desk.noTrainingsText')}></il-empty>`;
    }
    return html`<ul class="list">
        ${trainings.map(
          ({ id, title, state, planned }) => html`<li class="row">
            <span class="grow">
              ${this.can('academy:plan') ? html`<a class="strong" href="/academie/aanbod/${id}">${title}</a>` : html`<span class="strong">${title}</span>`}<br />
              <span class="small muted">${this.t('desk.planned', { count: planned })}</span>
            </span>
            <span class="state ${state === 'published' ? 'good' : ''}">${this.t(`trainingState.${state}`)}</span>
            ${
              this.can('academy:plan')
                ? html`<wa-button size="s" appearance="outlined" href="/academie/aanbod/${id}/moment"
                      >${this.t('desk.plan')}<span class="visually-hidden"> – ${title}</span></wa-button
                    >
                    <wa-button size="s" appearance="outlined" @click=${() => this.#copy(id, title)}
                      >${this.t('desk.copy')}<span class="visually-hidden"> – ${title}</span></wa-button
                    >`
                : nothing
            }
          </li>`,
        )}
      </ul>
      <il-truncated ?more=${more} shown=${trainings.length}></il-truncated>`;
  }

  async #copy(id: string, title: string): Promise<void> {
    try {
      const copy = await academy.post('/desk/trainings/:id/copies', {
        params: { id },
        body: { title: this.t('desk.copyOf', { title }).slice(0, 200) },
      });
      notify({ kind: 'success', text: this.t('desk.copied') });
      await navigate(`/academie/aanbod/${copy.id}`);
    } catch (problem) {
      notify({ kind: 'error', text: (problem as ApiProblem).message });
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'academy-desk-page': DeskPage;
  }
}
