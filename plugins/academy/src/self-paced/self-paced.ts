import { notFound, type Principal, Problem, systemPrincipal } from '@ilearn/core';
import type { Certificates } from '../certificates/certificates.js';
import type { Dependencies } from '../dependencies.js';
import { type LockedEvent, portal } from '../enrolments/locked-event.js';
import { mostOwn } from '../enrolments/my-learning.js';
import type { Transitions } from '../enrolments/transitions.js';
import type { Event } from '../models.js';
import { refused } from '../problems.js';
import type { Catalogue } from '../trainings/catalogue.js';

type Services = Dependencies & { catalogue: Catalogue };

/**
 * Trainings that people follow in their own time, as a path of MyWay. Beginning the path is the sign-up, finishing it is the attendance, and
 * the training's rule for certificates applies.
 */
export class SelfPaced {
  readonly #principal: Principal;
  readonly #services: Pick<Dependencies, 'actAs' | 'myway'>;
  readonly #catalogue: Catalogue;

  constructor({ principal, actAs, myway, catalogue }: Services) {
    this.#principal = principal;
    this.#services = { actAs, myway };
    this.#catalogue = catalogue;
  }

  /**
   * Signs the caller up, unless they are, and lets them follow the path. Returns the page on which they do.
   *
   * @throws 404 if people of the school do not see the training; Problem 409 `academy/path-gone` if its path is not there any more
   */
  async begin(trainingId: string, school: string): Promise<string> {
    const { training } = await this.#catalogue.get(trainingId, [school]);
    const person = this.#principal.id as string;
    const { tenants } = this.#principal;
    if (training.path_id === null || (tenants !== '*' && !tenants.includes(school))) throw notFound();
    const event = await this.#asPortal(async ({ Event }) =>
      Event.query().findOne({ training_id: trainingId, self_paced: true, state: 'planned' }).select('id'),
    );
    if (event === undefined) throw refused('path-gone');
    const { address, finished } = await this.#start(person, training.path_id, school);
    await this.#locked(event.id, async (locked) => {
      if (!(await locked.has(person)))
        await locked.seatOrQueue({ school, person, reservedBy: null }, { actor: 'person', personId: person });
    });
    // Somebody who left the training after the path was finished, and comes back.
    if (finished) await this.finished(training.path_id, person);
    return address;
  }

  /**
   * The training for which the caller follows a path, by the id of the path's assignment, which ends the address of its page; null: none.
   */
  async trainingOf(assignment: string): Promise<{ id: string; title: string; attended: boolean } | null> {
    const person = this.#principal.id as string;
    const rows: { id: string; title: string; path_id: string; state: string }[] = await this.#asPortal(({ knex }) =>
      knex('enrolments as x')
        .join('events as e', 'e.id', 'x.event_id')
        .join('trainings as t', 't.id', 'e.training_id')
        .where({ 'x.person_id': person, 'e.self_paced': true })
        .whereNotIn('x.state', ['cancelled', 'event_cancelled'])
        .whereNotNull('t.path_id')
        .orderBy('x.created_at', 'desc')
        .limit(mostOwn)
        .select('t.id', 't.title', 't.path_id', 'x.state'),
    );
    const addresses = await this.#services.myway?.staffPaths.addressesOf(
      person,
      rows.map(({ path_id }) => path_id),
    );
    const found = rows.find(({ path_id }) => addresses?.get(path_id)?.endsWith(`/${assignment}`));
    return found === undefined ? null : { id: found.id, title: found.title, attended: found.state === 'attended' };
  }

  /** Marks the sign-ups of somebody who finished a path as attended, and issues the certificate. As the system. */
  async finished(path: string, person: string): Promise<void> {
    const events: Pick<Event, 'id'>[] = await this.#asPortal(async ({ Event, Training }) =>
      Event.query()
        .where({ self_paced: true })
        .whereIn('training_id', Training.query().where({ path_id: path }).select('id'))
        .orderBy('id')
        .select('id'),
    );
    for (const { id } of events) {
      const done = await this.#locked(id, async (locked) => {
        const booked = await locked.inStates(['booked']);
        const own = booked.find(({ person_id }) => person_id === person);
        return own === undefined ? null : locked.move(own, 'mark-attended', portal);
      });
      if (done !== null)
        await this.#asPortal(({ certificates }: Dependencies & { certificates: Certificates }) => certificates.issueTo(done.id));
    }
  }

  async #start(person: string, path: string, school: string) {
    try {
      const started = await this.#services.myway?.staffPaths.start(person, path, school);
      if (started !== undefined) return started;
    } catch (error) {
      if (!(error instanceof Problem) || ![404, 409].includes(error.status)) throw error;
    }
    throw refused('path-gone');
  }

  #locked<T>(event: string, change: (locked: LockedEvent) => Promise<T>): Promise<T> {
    return this.#services.actAs(systemPrincipal(), ({ transitions }: { transitions: Transitions }) =>
      transitions.of(event, change),
    );
  }

  #asPortal<T, S extends Dependencies = Dependencies>(fn: (services: S) => PromiseLike<T>): Promise<T> {
    return this.#services.actAs(systemPrincipal(), async (services: S) => fn(services));
  }
}
