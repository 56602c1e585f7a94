import { notFound, type Principal, systemPrincipal } from '@ilearn/core';
import { raw } from 'objection';
import type { Dependencies } from '../dependencies.js';
import type { By, LockedEvent } from '../enrolments/locked-event.js';
import type { Tellings } from '../enrolments/tellings.js';
import type { Transitions } from '../enrolments/transitions.js';
import type { Event, Session } from '../models.js';
import { reasonMissing, refused } from '../problems.js';
import type { Seats } from '../rows.js';
import type { EventInput, SessionInput } from '../shapes.js';
import { live } from '../states.js';
import { seatsOf } from '../trainings/catalogue.js';

/** Events at the desk of their provider. Row-level security limits each caller to the provider's own. */
export class Events {
  readonly #services: Pick<Dependencies, 'Training' | 'Event' | 'Session' | 'knex' | 'actAs' | 'clock' | 'directory'>;
  readonly #principal: Principal;

  constructor({ Training, Event, Session, knex, actAs, clock, directory, principal }: Dependencies) {
    this.#services = { Training, Event, Session, knex, actAs, clock, directory };
    this.#principal = principal;
  }

  async get(id: string): Promise<{ event: Event; seats: Seats | undefined }> {
    const { Event, knex } = this.#services;
    const event = await Event.query()
      .findById(id)
      .withGraphFetched('[training, sessions]')
      .modifyGraph('sessions', (sessions) => sessions.orderBy('starts_at'));
    if (event === undefined) throw notFound();
    return { event, seats: (await seatsOf(knex, [id])).get(id) };
  }

  /** Events to come (soonest first) or past ones (latest first), with their trainings; undated ones are to come. Two statements. */
  async list(
    past: boolean,
    limit: number,
    after: readonly unknown[] | null,
  ): Promise<{ events: Event[]; seats: Map<string, Seats> }> {
    const { Event, knex } = this.#services;
    const sortKey = `coalesce(events.ends_at, 'infinity'::timestamptz)`;
    const query = Event.query()
      .withGraphJoined('training')
      .whereRaw(`${sortKey} ${past ? '<=' : '>'} now()`)
      .orderByRaw(past ? `${sortKey} desc, events.id desc` : `${sortKey}, events.id`)
      .limit(limit);
    if (after !== null)
      query.whereRaw(`(${sortKey}, events.id) ${past ? '<' : '>'} (?::timestamptz, ?::uuid)`, [...after] as string[]);
    const events = await query;
    return {
      events,
      seats: await seatsOf(
        knex,
        events.map(({ id }) => id),
      ),
    };
  }

  /** Trainers of the providers for which the caller works, by name. */
  async trainers(): Promise<{ id: string; name: string }[]> {
    const { directory } = this.#services;
    const own = await directory.providers.ofPerson(this.#principal.id as string);
    const people = (await Promise.all(own.map(({ id }) => directory.providers.peopleOf(id)))).flat();
    const trainers = people.filter(({ roles }) => roles.includes('trainer'));
    return trainers.map(({ id, givenName, familyName }) => ({ id, name: `${givenName} ${familyName}` }));
  }

  /** @throws Problem 409 `academy/not-a-trainer` */
  async #areTrainers(provider: string, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const people = await this.#services.directory.providers.peopleOf(provider);
    const trainers = new Set(people.filter(({ roles }) => roles.includes('trainer')).map(({ id }) => id));
    if (!ids.every((id) => trainers.has(id))) throw refused('not-a-trainer');
  }

  async create(training: string, input: EventInput): Promise<Event> {
    const { Training, Event } = this.#services;
    const found = await Training.query().findById(training);
    if (found === undefined) throw notFound();
    await this.#areTrainers(found.provider_id, input.trainers);
    const event = await Event.query().insertAndFetch({
      ...columnsOf(input),
      training_id: training,
      provider_id: found.provider_id,
    });
    await this.#keepSessions(event, input.sessions);
    return (await this.get(event.id)).event;
  }

  /** Changes an event. Lowering the capacity takes nobody's seat; raising it, or asking no approval any more, lets those who wait in. */
  async update(id: string, input: EventInput): Promise<Event> {
    const { event: before } = await this.get(id);
    // Who gives it already stays, also after they left the provider.
    const added = input.trainers.filter((each) => !before.trainer_ids.includes(each));
    await this.#areTrainers(before.provider_id, added);
    const by: By = { actor: 'provider', personId: this.#principal.id };
    await this.#locked(id, async (locked) => {
      const { event } = locked;
      if (event.state === 'cancelled') throw refused('event-cancelled');
      const wasDated = event.starts_at !== null;
      await this.#asPortal(({ Event }) =>
        Event.query()
          .findById(id)
          .patch({ ...columnsOf(input), updated_at: raw('now()') as never }),
      );
      const changed = await this.#keepSessions(event, input.sessions);
      Object.assign(event, await this.#asPortal(({ Event }) => Event.query().findById(id)));
      if (wasDated && event.starts_at === null) await locked.demoteAll(by);
      if (input.approval === 'none') await locked.release(by);
      if (changed && event.starts_at !== null) await this.#tellChange(locked);
    });
    return (await this.get(id)).event;
  }

  /** A new event of the same training with the same sessions, so many days later. */
  async copy(id: string, days: number): Promise<Event> {
    const { event } = await this.get(id);
    const sessions = (event.sessions ?? [])
      .filter(({ cancelled }) => !cancelled)
      .map(({ day, starts, ends, zone, room, link }) => ({
        ...{ day: later(day, days), starts: starts.slice(0, 5), ends: ends.slice(0, 5), zone, room, link },
      }));
    const shift = (moment: Date | null) => (moment === null ? null : new Date(moment.getTime() + days * 86_400_000));
    return this.create(event.training_id, {
      capacity: event.capacity,
      minimum: event.minimum,
      waitingList: event.waiting_list,
      promotion: event.promotion,
      offerHours: event.offer_hours,
      approval: event.approval,
      opensAt: null,
      closesAt: shift(event.closes_at),
      cancelBy: shift(event.cancel_by),
      region: event.region as EventInput['region'],
      trainers: event.trainer_ids,
      sessions,
    });
  }

  /** Cancels the event for good; everybody with a live sign-up is told once. */
  async cancel(id: string, reason: string): Promise<void> {
    if (reason === '') throw reasonMissing();
    await this.get(id);
    const by: By = { actor: 'provider', personId: this.#principal.id, reason };
    await this.#locked(id, async (locked) => {
      if (locked.event.state === 'cancelled') throw refused('event-cancelled');
      if (locked.isOver) throw refused('event-over');
      locked.event.state = 'cancelled';
      await this.#asPortal(({ Event }) =>
        Event.query()
          .findById(id)
          .patch({ state: 'cancelled', reason, updated_at: raw('now()') as never }),
      );
      for (const each of await locked.inStates(live)) await locked.move(each, 'cancel-event', by);
    });
  }

  async #tellChange(locked: LockedEvent): Promise<void> {
    const booked = await locked.inStates(['booked']);
    const people = booked.flatMap(({ person_id }) => person_id ?? []);
    await this.#services.actAs(systemPrincipal(), ({ tellings }: { tellings: Tellings }) =>
      tellings.changed(locked.event, people),
    );
  }

  #locked<T>(event: string, change: (locked: LockedEvent) => Promise<T>): Promise<T> {
    return this.#services.actAs(systemPrincipal(), ({ transitions }: { transitions: Transitions }) =>
      transitions.of(event, change),
    );
  }

  /** The caller acts for the provider; within {@link #locked} the statements run as the portal anyway. */
  #asPortal<T>(fn: (services: Dependencies) => PromiseLike<T>): Promise<T> {
    return this.#services.actAs(systemPrincipal(), async (services: Dependencies) => fn(services));
  }

  /**
   * Makes the sessions of the event these: changed ones count their sequence up, those that are left out stay as cancelled, for the
   * calendars that have them. Returns whether a session that was there changed.
   */
  async #keepSessions({ id: event_id, provider_id }: Event, wanted: readonly SessionInput[]): Promise<boolean> {
    const { knex } = this.#services;
    const rows: Session[] = await knex('sessions').where({ event_id });
    const kept = new Set<string>();
    let changed = false;
    for (const { id, ...input } of wanted) {
      const before = rows.find((row) => row.id === id);
      const at = (time: string) => knex.raw('(?::date + ?::time) at time zone ?', [input.day, time, input.zone]);
      const columns = { ...input, starts_at: at(input.starts), ends_at: at(input.ends), cancelled: false };
      if (before === undefined) {
        await knex('sessions').insert({ ...columns, event_id, provider_id });
        continue;
      }
      kept.add(before.id);
      const same =
        !before.cancelled &&
        before.day === input.day &&
        before.starts.slice(0, 5) === input.starts &&
        before.ends.slice(0, 5) === input.ends &&
        (['zone', 'room', 'link'] as const).every((name) => before[name] === input[name]);
      if (same) continue;
      await this.#change(before.id, columns);
      changed = true;
    }
    for (const { id, cancelled } of rows) {
      if (kept.has(id) || cancelled) continue;
      await this.#change(id, { cancelled: true });
      changed = true;
    }
    await knex('events')
      .where({ id: event_id })
      .update({
        starts_at: knex('sessions').where({ event_id, cancelled: false }).min('starts_at'),
        ends_at: knex('sessions').where({ event_id, cancelled: false }).max('ends_at'),
      });
    return changed;
  }

  #change(id: string, columns: object) {
    const { knex } = this.#services;
    return knex('sessions')
      .where({ id })
      .update({ ...columns, sequence: knex.raw('sequence + 1'), changed_at: knex.raw('clock_timestamp()') });
  }
}

const columnsOf = (input: EventInput): Partial<Event> => ({
  capacity: input.capacity,
  minimum: input.minimum,
  waiting_list: input.waitingList,
  promotion: input.promotion,
  offer_hours: input.offerHours,
  approval: input.approval,
  opens_at: input.opensAt,
  closes_at: input.closesAt,
  cancel_by: input.cancelBy,
  region: input.region,
  trainer_ids: input.trainers,
});

/** A calendar day, so many days later. */
function later(day: string, days: number): string {
  const moment = new Date(`${day}T12:00:00Z`);
  moment.setUTCDate(moment.getUTCDate() + days);
  return moment.toISOString().slice(0, 10);
}
