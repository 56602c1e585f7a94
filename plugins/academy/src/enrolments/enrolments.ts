import { notFound, type Principal, systemPrincipal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { Enrolment } from '../models.js';
import { reasonMissing, refused } from '../problems.js';
import { live } from '../states.js';
import type { Catalogue } from '../trainings/catalogue.js';
import type { By, LockedEvent } from './locked-event.js';
import type { Transitions } from './transitions.js';

interface Wish {
  event: string;
  school: string;
  /** Whether to sign up although another training is at the same time. */
  acceptClash: boolean;
}

/** Sign-ups as people of schools make, change and leave them. */
export class Enrolments {
  readonly #principal: Principal;
  readonly #actAs: Dependencies['actAs'];
  readonly #Enrolment: Dependencies['Enrolment'];
  readonly #catalogue: Catalogue;
  readonly #directory: Dependencies['directory'];

  constructor({ principal, actAs, Enrolment, catalogue, directory }: Dependencies & { catalogue: Catalogue }) {
    this.#principal = principal;
    this.#actAs = actAs;
    this.#Enrolment = Enrolment;
    this.#catalogue = catalogue;
    this.#directory = directory;
  }

  /** Signs the caller up, as far as the event allows: booked, in the queue, or asked of the principal. */
  async ask({ event, school, acceptClash }: Wish): Promise<Enrolment> {
    this.#worksIn(school);
    await this.#catalogue.mayEnrol(event, [school]);
    const person = this.#principal.id as string;
    const by = this.#by(school);
    return this.#locked(event, async (locked) => {
      this.#isOpen(locked);
      if (await locked.has(person)) throw refused('already-enrolled');
      if (!acceptClash && (await this.#clashes(person, event))) throw refused('clash');
      return this.#enter(locked, { school, person, reservedBy: null }, by);
    });
  }

  /** Reserves seats that are named later. */
  async reserve(event: string, school: string, seats: number): Promise<Enrolment[]> {
    this.#worksIn(school);
    await this.#catalogue.mayEnrol(event, [school]);
    const by = this.#by(school);
    return this.#locked(event, async (locked) => {
      this.#isOpen(locked);
      const made: Enrolment[] = [];
      for (let seat = 0; seat < seats; seat++) {
        made.push(await this.#enter(locked, { school, person: null, reservedBy: this.#principal.id }, by));
      }
      return made;
    });
  }

  /** Says who gets a reserved seat, or somebody else instead, until the event begins. */
  async name(id: string, person: string): Promise<Enrolment> {
    const before = await this.#own(id);
    const [found] = await this.#directory.people.getMany([person]);
    if (found === undefined || found.kind !== 'staff' || !found.schools.includes(before.school_id))
      throw refused('not-of-school');
    return this.#locked(before.event_id, async (locked) => {
      const enrolment = await locked.find(id);
      if (enrolment.reserved_by === null || !live.includes(enrolment.state)) throw refused('not-now');
      if (locked.isOver) throw refused('event-over');
      if (await locked.has(person)) throw refused('already-enrolled');
      return locked.rename(enrolment, person, { actor: 'principal', personId: this.#principal.id });
    });
  }

  /** The caller leaves; or a principal or ICT coordinator gives a reserved seat back. */
  async cancel(id: string, reason: string): Promise<Enrolment> {
    const before = await this.#own(id);
    const mine = before.person_id === this.#principal.id;
    return this.#locked(before.event_id, async (locked) => {
      const enrolment = await locked.find(id);
      if (locked.isOver) throw refused('event-over');
      const { cancel_by } = locked.event;
      if (enrolment.state === 'booked' && cancel_by !== null && cancel_by <= locked.now) throw refused('too-late-to-cancel');
      return locked.move(enrolment, 'cancel', { actor: mine ? 'person' : 'principal', personId: this.#principal.id, reason });
    });
  }

  /** Answers an offer: takes the seat, or goes to the back of the queue. */
  async answer(id: string, accepts: boolean): Promise<Enrolment> {
    const before = await this.#own(id);
    if (before.person_id !== this.#principal.id) throw notFound();
    const by: By = { actor: 'person', personId: this.#principal.id };
    return this.#locked(before.event_id, async (locked) => {
      const enrolment = await locked.find(id);
      if (enrolment.state === 'waitlisted' && accepts) throw refused('offer-over');
      return locked.move(enrolment, accepts ? 'accept' : 'requeue', by);
    });
  }

  /** Decides on sign-ups of the principal's schools, oldest first. A declined person reads the reason. */
  async decide(ids: readonly string[], approves: boolean, reason: string): Promise<{ id: string; state: string }[]> {
    if (!approves && reason === '') throw reasonMissing();
    const rows = await this.#Enrolment
      .query()
      .findByIds([...ids])
      .where({ state: 'requested' })
      .select('id', 'event_id');
    const by: By = { actor: 'principal', personId: this.#principal.id, reason };
    return this.#decideOn(rows, async (locked, enrolment) => {
      if (enrolment.state !== 'requested') return enrolment;
      if (!approves) return locked.move(enrolment, 'decline', by);
      if (locked.event.approval === 'provider') return locked.move(enrolment, 'endorse', by);
      return locked.seatOrQueue(enrolment, by);
    });
  }

  async #decideOn(rows: readonly Enrolment[], decide: (locked: LockedEvent, enrolment: Enrolment) => Promise<Enrolment>) {
    const done: { id: string; state: string }[] = [];
    for (const event of [...new Set(rows.map(({ event_id }) => event_id))].sort()) {
      const ids = rows.filter(({ event_id }) => event_id === event).map(({ id }) => id);
      await this.#locked(event, async (locked) => {
        for (const enrolment of await locked.inOrder(ids)) {
          const { id, state } = await decide(locked, enrolment);
          done.push({ id, state });
        }
      });
    }
    return done;
  }

  async #enter(locked: LockedEvent, wish: { school: string; person: string | null; reservedBy: string | null }, by: By) {
    const { approval } = locked.event;
    if (approval === 'none' || (approval === 'principal' && by.actor === 'principal')) return locked.seatOrQueue(wish, by);
    const asked = await locked.add(wish, 'ask', by);
    return by.actor === 'principal' ? locked.move(asked, 'endorse', by) : asked;
  }

  #locked<T>(event: string, change: (locked: LockedEvent) => Promise<T>): Promise<T> {
    return this.#actAs(systemPrincipal(), ({ transitions }: { transitions: Transitions }) => transitions.of(event, change));
  }

  /** Somebody who is the principal of the school approves by asking. */
  #by(school: string): By {
    const { id: personId, roles } = this.#principal;
    const isPrincipal = roles.some(({ role, tenant }) => role === 'principal' && tenant === school);
    return { actor: isPrincipal ? 'principal' : 'person', personId };
  }

  #worksIn(school: string): void {
    const { tenants } = this.#principal;
    if (tenants !== '*' && !tenants.includes(school)) throw notFound();
  }

  /** A sign-up of the caller, or one that they reserved or may manage; the row is one of their schools'. */
  async #own(id: string): Promise<Enrolment> {
    const enrolment = await this.#Enrolment.query().findById(id);
    if (enrolment === undefined) throw notFound();
    const { id: me, roles } = this.#principal;
    const manages = roles.some(
      ({ role, tenant }) => tenant === enrolment.school_id && (role === 'principal' || role === 'ict-coordinator'),
    );
    if (enrolment.person_id !== me && !(manages && enrolment.reserved_by !== null)) throw notFound();
    return enrolment;
  }

  #isOpen({ event, now, isOver }: LockedEvent): void {
    if (event.state === 'cancelled') throw refused('event-cancelled');
    if (isOver) throw refused('event-over');
    const { opens_at, closes_at } = event;
    if ((opens_at !== null && opens_at > now) || (closes_at !== null && closes_at <= now)) throw refused('sign-up-closed');
  }

  #clashes(person: string, event: string): Promise<boolean> {
    return this.#actAs(systemPrincipal(), async ({ catalogue }: { catalogue: Catalogue }) =>
      (await catalogue.clashes(person, [event])).has(event),
    );
  }
}
