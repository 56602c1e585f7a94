import { notFound, type Principal, systemPrincipal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { Enrolment } from '../models.js';
import { reasonMissing, refused } from '../problems.js';
import { type EnrolmentState, type Mark, marks, seated } from '../states.js';
import type { By, LockedEvent } from './locked-event.js';
import type { PeopleNames } from './people-names.js';
import type { Transitions } from './transitions.js';

/** So long before the start attendance can be marked. */
const markFromMinutes = 15;
export const mostEnrolments = 1_000;

/** @throws Problem 409 `academy/too-early-to-mark` */
function isMarkable(startsAt: Date | null, now: Date): void {
  if (startsAt === null || startsAt.getTime() - now.getTime() > markFromMinutes * 60_000) throw refused('too-early-to-mark');
}

export interface DeskEnrolment {
  id: string;
  /** Null: a seat that is named later, or a person who was erased. */
  name: string | null;
  schoolName: string;
  state: EnrolmentState;
  reason: string;
  queueNo: number | null;
  offeredUntil: Date | null;
  late: boolean;
  /** Ids of sessions. */
  presentIn: string[];
  absentFrom: string[];
}

/** Sign-ups at the desk of the provider. Row-level security limits each caller to the provider's own. */
export class EnrolmentDesk {
  readonly #principal: Principal;
  readonly #events: Dependencies['events'];
  readonly #actAs: Dependencies['actAs'];
  readonly #Enrolment: Dependencies['Enrolment'];
  readonly #names: PeopleNames;

  constructor({ principal, actAs, events, Enrolment, peopleNames }: Dependencies & { peopleNames: PeopleNames }) {
    this.#principal = principal;
    this.#events = events;
    this.#actAs = actAs;
    this.#Enrolment = Enrolment;
    this.#names = peopleNames;
  }

  /** Everybody who signed up: seats first, then the queue in its order, then the rest. Three statements. */
  async of(event: string): Promise<DeskEnrolment[]> {
    const rows = await this.#Enrolment
      .query()
      .where({ event_id: event })
      .orderByRaw(`case when state in ('booked', 'attended', 'partial', 'no_show') then 0 when state = 'offered' then 1
        when state = 'waitlisted' then 2 when state in ('requested', 'endorsed') then 3 else 4 end, queue_no, created_at, id`)
      .limit(mostEnrolments);
    const { people, schools } = await this.#names.of(
      rows.flatMap(({ person_id }) => person_id ?? []),
      rows.map(({ school_id }) => school_id),
    );
    return rows.map((row) => ({
      id: row.id,
      name: row.person_id === null ? null : (people.get(row.person_id) ?? null),
      schoolName: schools.get(row.school_id) ?? '',
      state: row.state,
      reason: row.reason,
      queueNo: row.queue_no === null ? null : Number(row.queue_no),
      offeredUntil: row.offered_until,
      late: row.late,
      presentIn: row.present_in,
      absentFrom: row.absent_from,
    }));
  }

  /** The provider's yes or no, after the principal's. */
  async decide(ids: readonly string[], approves: boolean, reason: string): Promise<{ id: string; state: EnrolmentState }[]> {
    if (!approves && reason === '') throw reasonMissing();
    const rows = await this.#Enrolment
      .query()
      .findByIds([...ids])
      .select('id', 'event_id');
    const by = this.#by(reason);
    const done: { id: string; state: EnrolmentState }[] = [];
    for (const event of [...new Set(rows.map(({ event_id }) => event_id))].sort()) {
      const here = rows.filter(({ event_id }) => event_id === event).map(({ id }) => id);
      await this.#locked(event, async (locked) => {
        for (const enrolment of await locked.inOrder(here)) {
          if (enrolment.state !== 'endorsed') continue;
          const { id, state } = approves ? await locked.seatOrQueue(enrolment, by) : await locked.move(enrolment, 'decline', by);
          done.push({ id, state });
        }
      });
    }
    return done;
  }

  /** Takes somebody out of the queue into a seat, also above the capacity; their offer is spent. */
  async promote(id: string): Promise<Enrolment> {
    return this.#onOwn(id, async (locked, enrolment) => {
      if (locked.isOver) throw refused('event-over');
      return locked.move(enrolment, 'promote', this.#by(''));
    });
  }

  /** Takes somebody off the list, also after the last day on which they can do so themselves. */
  async cancel(id: string, reason: string): Promise<Enrolment> {
    if (reason === '') throw reasonMissing();
    return this.#onOwn(id, async (locked, enrolment) => {
      if (locked.isOver) throw refused('event-over');
      return locked.move(enrolment, 'cancel', this.#by(reason));
    });
  }

  /** Marks attendance; `null` takes the mark back. */
  async mark(id: string, mark: Mark | null): Promise<Enrolment> {
    return this.#onOwn(id, async (locked, enrolment) => {
      isMarkable(locked.event.starts_at, locked.now);
      if (mark === null)
        return marks.includes(enrolment.state as Mark) ? locked.move(enrolment, 'unmark', this.#by('')) : enrolment;
      if (enrolment.state === mark) return enrolment;
      const action = { attended: 'mark-attended', partial: 'mark-partial', no_show: 'mark-no-show' } as const;
      const moved = await locked.move(enrolment, action[mark], this.#by(''));
      if (mark === 'attended') await this.#publishAttended(moved, await locked.minutes());
      return moved;
    });
  }

  /** Notes whether somebody was at a session; `null`: not noted. It advises the mark of the event, and changes no state. */
  async markSession(id: string, session: string, present: boolean | null): Promise<Enrolment> {
    return this.#onOwn(id, async (locked, enrolment) => {
      const found = await locked.session(session);
      if (!seated.includes(enrolment.state) || enrolment.state === 'offered') throw refused('not-now');
      isMarkable(found.starts_at, locked.now);
      const without = (sessions: readonly string[]) => sessions.filter((each) => each !== session);
      const [presentIn, absentFrom] = [without(enrolment.present_in), without(enrolment.absent_from)];
      return locked.note(enrolment, {
        present_in: present === true ? [...presentIn, session] : presentIn,
        absent_from: present === false ? [...absentFrom, session] : absentFrom,
      });
    });
  }

  async #publishAttended({ school_id, person_id }: Enrolment, minutes: number): Promise<void> {
    if (person_id === null) return;
    await this.#events.publish('attended', { school: school_id, personId: person_id, minutes });
  }

  async #onOwn(id: string, change: (locked: LockedEvent, enrolment: Enrolment) => Promise<Enrolment>): Promise<Enrolment> {
    const row = await this.#Enrolment.query().findById(id).select('id', 'event_id');
    if (row === undefined) throw notFound();
    return this.#locked(row.event_id, async (locked) => change(locked, await locked.find(id)));
  }

  #by(reason: string): By {
    return { actor: 'provider', personId: this.#principal.id, reason };
  }

  #locked<T>(event: string, change: (locked: LockedEvent) => Promise<T>): Promise<T> {
    return this.#actAs(systemPrincipal(), ({ transitions }: { transitions: Transitions }) => transitions.of(event, change));
  }
}
