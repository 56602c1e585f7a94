import type { Answer } from '@ilearn/core';
import { type ApiProblem, navigate, notify, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { academy } from '../../client.js';
import { EditPage } from '../../shared/edit-page.js';
import type { eventRoutes } from '../routes.js';

type Event_ = Answer<typeof eventRoutes, 'GET', '/desk/events/:id'>;
type Session = { id?: string; day: string; starts: string; ends: string; zone: string; room: string; link: string };

const regions = ['online', 'antwerp', 'brussels', 'flemish-brabant', 'limburg', 'east-flanders', 'west-flanders'] as const;
const newSession: Session = { day: '', starts: '14:00', ends: '16:00', zone: 'Europe/Brussels', room: '', link: '' };

interface Draft {
  capacity: number;
  minimum: number;
  waitingList: boolean;
  promotion: string;
  offerHours: number;
  approval: string;
  region: string;
  /** Days, or empty. */
  opensOn: string;
  closesOn: string;
  cancelBy: string;
  sessions: Session[];
  trainers: string[];
}
const empty: Draft = {
  ...{ capacity: 20, minimum: 0, waitingList: true, promotion: 'book', offerHours: 48, approval: 'none', region: 'online' },
  ...{ opensOn: '', closesOn: '', cancelBy: '', sessions: [{ ...newSession }], trainers: [] },
};

/** A further session like the last one. */
function another(sessions: readonly Session[]): Session {
  const { id: _, ...same } = sessions.at(-1) ?? newSession;
  return same;
}

const dayOf = (moment: string | null) => (moment === null ? '' : new Date(moment).toISOString().slice(0, 10));
/** The end of a day in Belgium, as a moment; an hour early in winter, never a day late. */
const endOf = (day: string) => (day === '' ? null : `${day}T22:59:00Z`);

/** `/academie/aanbod/:training/moment` plans an event; `/academie/moment/:id/bewerken` changes one. */
@customElement('academy-event-edit-page')
export class EventEditPage extends EditPage<Draft> {
  static override styles = [
    sharedStyles,
    css`
      form {
        display: grid;
        gap: var(--il-space-5);
      }
      .pair {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr));
        gap: var(--il-space-4);
      }
      fieldset {
        display: grid;
        gap: var(--il-space-4);
        min-width: 0;
        margin: 0;
        padding: var(--il-space-4);
        border: 1px solid var(--il-rule);
        border-radius: var(--il-radius);
      }
      fieldset.plain {
        gap: var(--il-space-2);
        padding: 0;
        border: 0;
      }
      legend {
        padding: 0 var(--il-space-2);
        font-weight: 600;
      }
      .plain legend {
        padding: 0;
      }
    `,
  ];

  @state() private fault: string | undefined;
  /** Whom the planner can choose. */
  @state() private people: { id: string; name: string }[] | undefined;

  protected override async load(): Promise<Draft> {
    const id = this.params['id'];
    this.people = (await academy.get('/desk/trainers')).trainers;
    if (id === undefined) return { ...empty, sessions: [{ ...newSession }] };
    return draftOf(await academy.get('/desk/events/:id', { params: { id } }));
  }

  override render() {
    const id = this.params['id'];
    const back =
      id === undefined
        ? { href: '/academie/aanbod?toon=trainings', text: this.t('desk.trainings') }
        : { href: `/academie/moment/${id}`, text: this.t('event.title') };
    const heading = this.t(id === undefined ? 'event.newTitle' : 'event.changeTitle');
    return this.page(html`<il-page-head heading=${heading} .back=${back}></il-page-head>`, (draft) => this.#form(draft));
  }

  #form(draft: Draft) {
    return html`<form @submit=${this.#save} novalidate>
      ${draft.sessions.length === 0 ? html`<p>${this.t('event.interestNote')}</p>` : nothing}
      ${draft.sessions.map((session, at) => this.#session(session, at))}
      <div class="actions">
        <wa-button appearance="outlined" @click=${() => this.#sessions([...draft.sessions, another(draft.sessions)])}>
          <il-icon slot="start" name="plus"></il-icon>${this.t('event.addSession')}
        </wa-button>
      </div>
      <div class="pair">${this.#number(draft, 'capacity')} ${this.#number(draft, 'minimum')}</div>
      ${this.#select(draft, 'region', regions, 'values.region')} ${this.#select(draft, 'approval', ['none', 'principal', 'provider'], 'event.approvals')}
      <wa-checkbox ?checked=${draft.waitingList} @change=${(event: Event) => this.set('waitingList', (event.target as HTMLInputElement).checked)}
        >${this.t('event.waitingList')}</wa-checkbox
      >
      ${draft.waitingList ? this.#select(draft, 'promotion', ['book', 'offer'], 'event.promotions') : nothing}
      ${this.#trainers(draft)}
      <div class="pair">${this.#day(draft, 'opensOn')} ${this.#day(draft, 'closesOn')} ${this.#day(draft, 'cancelBy')}</div>
      ${this.fault === undefined ? nothing : html`<p role="alert">${this.fault}</p>`}
      <div class="actions"><wa-button type="submit" variant="brand">${this.t('edit.save')}</wa-button></div>
    </form>`;
  }

  #session(session: Session, at: number) {
    const field = (name: 'day' | 'starts' | 'ends' | 'room' | 'link', type: string) => html`<wa-input
      type=${type}
      label=${this.t(`event.${name}`)}
      .value=${session[name]}
      @input=${(event: Event) => this.#change(at, { [name]: (event.target as HTMLInputElement).value })}
    ></wa-input>`;
    return html`<fieldset>
      <legend>${this.t('event.session', { number: at + 1 })}</legend>
      <div class="pair">${field('day', 'date')} ${field('starts', 'time')} ${field('ends', 'time')}</div>
      <div class="pair">${field('room', 'text')} ${field('link', 'url')}</div>
      <div class="actions">
        <wa-button size="s" appearance="outlined" @click=${() => this.#sessions((this.draft?.sessions ?? []).filter((_, other) => other !== at))}
          >${this.t('event.removeSession', { number: at + 1 })}</wa-button
        >
      </div>
    </fieldset>`;
  }

  #change(at: number, columns: Partial<Session>): void {
    this.#sessions((this.draft?.sessions ?? []).map((session, other) => (other === at ? { ...session, ...columns } : session)));
  }

  #sessions(sessions: Session[]): void {
    this.set('sessions', sessions);
  }

  #trainers(draft: Draft) {
    const people = this.people ?? [];
    return html`<fieldset class="plain">
      <legend>${this.t('event.trainers')}</legend>
      ${people.length === 0 ? html`<p class="muted">${this.t('event.noTrainers')}</p>` : nothing}
      ${people.map(
        ({ id, name }) => html`<wa-checkbox
          ?checked=${draft.trainers.includes(id)}
          @change=${(event: Event) => {
            const others = draft.trainers.filter((each) => each !== id);
            this.set('trainers', (event.target as HTMLInputElement).checked ? [...others, id] : others);
          }}
          >${name}</wa-checkbox
        >`,
      )}
    </fieldset>`;
  }

  #number(draft: Draft, name: 'capacity' | 'minimum') {
    return html`<wa-input
      type="number"
      min="0"
      label=${this.t(`event.${name}`)}
      .value=${String(draft[name])}
      @input=${(event: Event) => this.set(name, Math.max(0, Math.trunc(Number((event.target as HTMLInputElement).value) || 0)))}
    ></wa-input>`;
  }

  #day(draft: Draft, name: 'opensOn' | 'closesOn' | 'cancelBy') {
    return html`<wa-input
      type="date"
      label=${this.t(`event.${name}`)}
      .value=${draft[name]}
      @input=${(event: Event) => this.set(name, (event.target as HTMLInputElement).value)}
    ></wa-input>`;
  }

  #select(draft: Draft, name: 'region' | 'approval' | 'promotion', values: readonly string[], texts: string) {
    return html`<wa-select
      label=${this.t(`event.${name}`)}
      .value=${draft[name]}
      @change=${(event: Event) => this.set(name, (event.target as HTMLSelectElement).value)}
    >
      ${values.map((value) => html`<wa-option value=${value}>${this.t(`${texts}.${value}`)}</wa-option>`)}
    </wa-select>`;
  }

  async #save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { draft } = this;
    if (draft === undefined) return;
    const wrong = draft.sessions.findIndex(({ day, starts, ends }) => day === '' || starts >= ends);
    this.fault = wrong === -1 ? undefined : this.t('event.sessionFault', { number: wrong + 1 });
    if (this.fault !== undefined) return;
    const { opensOn, closesOn, cancelBy, sessions, ...same } = draft;
    const body = {
      ...same,
      opensAt: opensOn === '' ? null : `${opensOn}T00:00:00+01:00`,
      closesAt: endOf(closesOn),
      cancelBy: endOf(cancelBy),
      sessions: sessions.map(({ id, ...session }) => (id === undefined ? session : { id, ...session })),
    } as never;
    try {
      const { id, training } = this.params;
      const saved = await (id === undefined
        ? academy.post('/desk/trainings/:id/events', { params: { id: training ?? '' }, body })
        : academy.put('/desk/events/:id', { params: { id }, body }));
      this.dirty = false;
      const over = saved.taken > saved.capacity;
      notify({
        kind: over ? 'info' : 'success',
        text: over ? this.t('event.over', { taken: saved.taken, capacity: saved.capacity }) : this.t('edit.saved'),
      });
      await navigate(`/academie/moment/${saved.id}`);
    } catch (problem) {
      this.fault = (problem as ApiProblem).message;
    }
  }
}

const draftOf = (event: Event_): Draft => ({
  capacity: event.capacity,
  minimum: event.minimum,
  waitingList: event.waitingList,
  promotion: event.promotion,
  offerHours: event.offerHours,
  approval: event.approval,
  region: event.region,
  trainers: event.trainers,
  opensOn: dayOf(event.opensAt),
  closesOn: dayOf(event.closesAt),
  cancelBy: dayOf(event.cancelBy),
  sessions: event.sessions.map(({ id, day, starts, ends, zone, room, link }) => ({ id, day, starts, ends, zone, room, link })),
});

declare global {
  interface HTMLElementTagNameMap {
    'academy-event-edit-page': EventEditPage;
  }
}
