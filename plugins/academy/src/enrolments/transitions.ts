import { notFound } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import { LockedEvent, type Step } from './locked-event.js';
import type { Tellings } from './tellings.js';

/**
 * Changes the sign-ups of an event. Runs as the portal, because seats are counted over all schools: whoever calls it has checked what the
 * caller may do.
 */
export class Transitions {
  readonly #services: Pick<Dependencies, 'Event' | 'Enrolment' | 'EnrolmentStep' | 'Session' | 'clock'>;
  readonly #tellings: Tellings;

  constructor({ Event, Enrolment, EnrolmentStep, Session, clock, tellings }: Dependencies & { tellings: Tellings }) {
    this.#services = { Event, Enrolment, EnrolmentStep, Session, clock };
    this.#tellings = tellings;
  }

  /**
   * Locks the event, carries out `change`, gives seats that became free to those who wait, and tells the people concerned when the unit of
   * work commits. Units of work that lock several events do so in the order of their ids.
   */
  async of<T>(eventId: string, change: (locked: LockedEvent) => Promise<T>): Promise<T> {
    const { Event, clock } = this.#services;
    const event = await Event.query().findById(eventId).forUpdate();
    if (event === undefined) throw notFound();
    const locked = new LockedEvent(event, clock.now(), this.#services);
    await locked.settle();
    const result = await change(locked);
    await locked.fill();
    await this.#tellings.send(event, lastOfEach(locked.steps));
    return result;
  }
}

/** Of several steps of one sign-up, people hear the last. */
function lastOfEach(steps: readonly Step[]): Step[] {
  return [...new Map(steps.map((step) => [step.enrolment.id, step])).values()];
}
