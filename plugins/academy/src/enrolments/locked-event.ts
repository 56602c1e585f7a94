import type { Principal } from '@ilearn/core';
import { raw } from 'objection';
import type { Dependencies } from '../dependencies.js';
import type { Enrolment, Event, Session } from '../models.js';
import { refused } from '../problems.js';
import {
  type Actor,
  type EnrolmentAction,
  type EnrolmentState,
  seated,
  type Transition,
  transitionOf,
  waiting,
} from '../states.js';

/** Who carries out a transition, and what they say. */
export interface By {
  actor: Actor;
  /** The person who does it; null for the portal. */
  personId: Principal['id'];
  reason?: string;
}

/** A transition that was carried out. */
export interface Step {
  transition: Transition;
  enrolment: Enrolment;
}

/** A sign-up that is not there yet. */
export interface NewEnrolment {
  school: string;
  person: string | null;
  reservedBy: string | null;
}

/** An offer that was left unanswered so often ends the wait. */
export const mostMissedOffers = 2;
/** Closer to the start, a free seat is offered and not booked: whoever waited may have other plans by now. */
export const offerWithinDays = 7;
const HOUR = 3_600_000;
export const portal: By = { actor: 'portal', personId: null };

/**
 * An event whose row is locked, so that its seats are counted and its queue moves in one place at a time. Every change of a sign-up goes
 * through {@link move}.
 */
export class LockedEvent {
  readonly steps: Step[] = [];
  readonly #services: Pick<Dependencies, 'Enrolment' | 'EnrolmentStep' | 'Session'>;

  constructor(
    readonly event: Event,
    readonly now: Date,
    services: Pick<Dependencies, 'Enrolment' | 'EnrolmentStep' | 'Session'>,
  ) {
    this.#services = services;
  }

  get isOver(): boolean {
    return this.event.starts_at !== null && this.event.starts_at <= this.now;
  }

  /** Seats that nobody has and that are not offered to anybody; never less than 0. */
  async free(): Promise<number> {
    const taken = await this.#services.Enrolment.query()
      .where({ event_id: this.event.id })
      .whereIn('state', [...seated])
      .resultSize();
    return Math.max(0, this.event.capacity - taken);
  }

  /** Those who wait for a seat, first come first. */
  async queue(limit: number): Promise<Enrolment[]> {
    return this.#services.Enrolment.query()
      .where({ event_id: this.event.id, state: 'waitlisted' })
      .orderBy('queue_no')
      .limit(limit);
  }

  async find(id: string): Promise<Enrolment> {
    const found = await this.#services.Enrolment.query().findOne({ id, event_id: this.event.id });
    if (found === undefined) throw refused('not-now');
    return found;
  }

  /** @throws Problem 409 `academy/not-now` if the event has no such session */
  async session(id: string): Promise<Session> {
    const found = await this.#services.Session.query().findOne({ id, event_id: this.event.id, cancelled: false });
    if (found === undefined) throw refused('not-now');
    return found;
  }

  /** How long the sessions of the event are together, in minutes. */
  async minutes(): Promise<number> {
    const sessions = await this.#services.Session.query().where({ event_id: this.event.id, cancelled: false });
    const lasted = ({ starts_at, ends_at }: Session) => ends_at.getTime() - starts_at.getTime();
    return Math.round(sessions.reduce((sum, session) => sum + lasted(session), 0) / 60_000);
  }

  /** Changes what is noted about a sign-up besides its state. */
  note({ id }: Enrolment, columns: Pick<Enrolment, 'present_in' | 'absent_from'>): Promise<Enrolment> {
    return this.#services.Enrolment.query().patchAndFetchById(id, {
      ...columns,
      updated_at: this.now,
    }) as unknown as Promise<Enrolment>;
  }

  /** Those of these sign-ups that are of this event, in the order in which they were made. */
  async inOrder(ids: readonly string[]): Promise<Enrolment[]> {
    return this.#services.Enrolment.query()
      .findByIds([...ids])
      .where({ event_id: this.event.id })
      .orderBy(['created_at', 'id']);
  }

  /** Sign-ups of the event in one of these states, in the order in which they were made. */
  async inStates(states: readonly EnrolmentState[]): Promise<Enrolment[]> {
    return this.#services.Enrolment.query()
      .where({ event_id: this.event.id })
      .whereIn('state', [...states])
      .orderBy(['created_at', 'id']);
  }

  /** The event has no date any more: those who had a seat wait for a new one, in the order in which they came. */
  async demoteAll(by: By): Promise<void> {
    for (const each of (await this.inStates(['booked', 'offered'])).reverse()) await this.move(each, 'demote', by);
  }

  /** Nobody approves any more: those who waited for it get a seat or a place in the queue. */
  async release(by: By): Promise<void> {
    for (const each of await this.inStates(['requested', 'endorsed'])) {
      const action = await this.#entry(each.person_id === null);
      if (action !== null) await this.move(each, action, by);
    }
  }

  /** Whether the person has a sign-up that waits or takes a seat. */
  async has(person: string): Promise<boolean> {
    const found = await this.#services.Enrolment.query()
      .where({ event_id: this.event.id, person_id: person })
      .whereIn('state', [...waiting, ...seated])
      .resultSize();
    return found > 0;
  }

  /** Gives a reserved seat to a person; its state stays. */
  async rename(enrolment: Enrolment, person: string, by: By): Promise<Enrolment> {
    const { Enrolment, EnrolmentStep } = this.#services;
    const { id: enrolment_id, school_id, provider_id, state } = enrolment;
    const named = await Enrolment.query().patchAndFetchById(enrolment_id, { person_id: person, updated_at: this.now });
    await EnrolmentStep.query().insert({ enrolment_id, school_id, provider_id, action: 'name', state, by_id: by.personId });
    const transition = transitionOf(state === 'booked' ? 'book' : 'ask', null) as Transition;
    this.steps.push({ transition, enrolment: named });
    return named;
  }

  /** Adds a sign-up in the state to which `action` leads. */
  add(wish: NewEnrolment, action: EnrolmentAction, by: By): Promise<Enrolment> {
    const { id: event_id, provider_id } = this.event;
    const row = { event_id, provider_id, school_id: wish.school, person_id: wish.person, reserved_by: wish.reservedBy };
    return this.move(row, action, by);
  }

  /**
   * The one transition function of sign-ups: checks it against the table of {@link transitionOf}, stores the new state and the step, and
   * notes what there is to tell.
   *
   * @throws Problem 409 `academy/not-now` if the action does not lead from the state, or not for this actor
   */
  async move(before: Enrolment | Partial<Enrolment>, action: EnrolmentAction, by: By): Promise<Enrolment> {
    const { Enrolment, EnrolmentStep } = this.#services;
    const from = before.state ?? null;
    const transition = transitionOf(action, from);
    if (transition === undefined || !transition.by.includes(by.actor)) throw refused('not-now');
    const reason = by.reason ?? '';
    const changed = {
      state: transition.to,
      reason,
      ...(await this.#columns(action, transition.to, before)),
      updated_at: this.now,
    };
    const enrolment =
      from === null
        ? await Enrolment.query().insertAndFetch({ ...before, ...changed, created_at: this.now } as Partial<Enrolment>)
        : await Enrolment.query().patchAndFetchById(before.id as string, changed);
    const { id: enrolment_id, school_id, provider_id } = enrolment;
    await EnrolmentStep.query().insert({
      enrolment_id,
      school_id,
      provider_id,
      action,
      state: transition.to,
      by_id: by.personId,
      reason,
    });
    this.steps.push({ transition, enrolment });
    return enrolment;
  }

  /** What a transition changes besides the state. */
  async #columns(
    action: EnrolmentAction,
    to: EnrolmentState,
    { offers_missed = 0 }: Partial<Enrolment>,
  ): Promise<Partial<Enrolment>> {
    const { starts_at, offer_hours, cancel_by } = this.event;
    if (to === 'waitlisted') {
      const missed = action === 'requeue' ? offers_missed + 1 : offers_missed;
      const queue_no = await this.#placeInQueue(action === 'demote' ? 'front' : 'back');
      return { queue_no, offered_until: null, offers_missed: missed };
    }
    if (to === 'offered') {
      const until = this.now.getTime() + offer_hours * HOUR;
      return { offered_until: new Date(Math.min(until, starts_at?.getTime() ?? until)) };
    }
    if (to === 'cancelled') return { offered_until: null, late: cancel_by !== null && cancel_by <= this.now };
    return { offered_until: null };
  }

  /** Who lost a seat with the date goes before the others, everybody else behind them. */
  async #placeInQueue(place: 'front' | 'back'): Promise<string> {
    const number = place === 'front' ? 'coalesce(min(queue_no), 1) - 1' : 'coalesce(max(queue_no), 0) + 1';
    const found = await this.#services.Enrolment.query()
      .where({ event_id: this.event.id })
      .select(raw(number).as('place'))
      .first();
    return (found as unknown as { place: string }).place;
  }

  /** Gives a seat if one is free and nobody waits, else a place in the queue. */
  async seatOrQueue(subject: Enrolment | NewEnrolment, by: By): Promise<Enrolment> {
    const isNew = 'school' in subject;
    const action = await this.#entry((isNew ? subject.person : subject.person_id) === null);
    if (action === null) throw refused('full');
    return isNew ? this.add(subject, action, by) : this.move(subject, action, by);
  }

  /** Where somebody comes in now; null: nowhere. A seat without a name does not wait. */
  async #entry(nameless: boolean): Promise<'book' | 'queue' | null> {
    const { starts_at, self_paced, waiting_list } = this.event;
    if ((starts_at !== null || self_paced) && (await this.queue(1)).length === 0 && (await this.free()) > 0) return 'book';
    return nameless || !waiting_list ? null : 'queue';
  }

  /** Ends offers whose deadline passed, and what still waits when the event has begun. */
  async settle(): Promise<void> {
    const { Enrolment } = this.#services;
    if (this.isOver) {
      const late = await Enrolment.query()
        .where({ event_id: this.event.id })
        .whereIn('state', [...waiting])
        .orderBy('created_at');
      for (const each of late) await this.move(each, 'lapse', portal);
      return;
    }
    const overdue = await Enrolment.query()
      .where({ event_id: this.event.id, state: 'offered' })
      .where('offered_until', '<=', this.now)
      .orderBy('queue_no');
    for (const each of overdue) {
      await this.move(each, each.offers_missed + 1 >= mostMissedOffers ? 'lapse' : 'requeue', portal);
    }
  }

  /** Gives each free seat to the next in the queue: booked, or offered until a deadline. */
  async fill(): Promise<void> {
    const { state, starts_at, promotion } = this.event;
    if (state === 'cancelled' || starts_at === null || this.isOver) return;
    const free = await this.free();
    if (free === 0) return;
    const soon = starts_at.getTime() - this.now.getTime() < offerWithinDays * 24 * HOUR;
    for (const next of await this.queue(free)) {
      await this.move(next, promotion === 'offer' || soon ? 'offer' : 'promote', portal);
    }
  }
}
