import { type Principal, Problem, systemPrincipal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { Enrolment, Training } from '../models.js';

export const mostPaths = 200;

/** The paths of MyWay of which a training can consist, and the event that such a training has for those who follow the path. */
export class TrainingPaths {
  readonly #principal: Principal;
  readonly #services: Pick<Dependencies, 'actAs' | 'myway'>;

  constructor({ principal, actAs, myway }: Dependencies) {
    this.#principal = principal;
    this.#services = { actAs, myway };
  }

  /** Paths for colleagues that the caller sees, by title; none where MyWay is not in service. */
  async list(limit: number): Promise<{ id: string; title: string }[]> {
    return (await this.#services.myway?.staffPaths.list(limit)) ?? [];
  }

  /** Lets a training that names a path have its event. Call this after each change of a training. */
  async keepEvent({ id: training_id, provider_id, path_id }: Training): Promise<void> {
    if (path_id === null) return;
    await this.#asPortal(({ knex }) =>
      knex('events')
        .insert({ training_id, provider_id, self_paced: true, capacity: 10_000, waiting_list: false })
        .onConflict(knex.raw('(training_id) where self_paced'))
        .ignore(),
    );
  }

  /** @throws Problem 422 unless the path is one of {@link list} */
  async checkPath(id: string | null): Promise<void> {
    if (id === null || (await this.#services.myway?.staffPaths.get(id))) return;
    throw new Problem({
      type: 'academy/path-gone',
      status: 422,
      title: 'Not accepted',
      detail: 'There is no such path for colleagues.',
      errors: [{ in: 'body', pointer: '/pathId', message: 'must be a path of MyWay that is meant for colleagues' }],
    });
  }

  /** The caller's own sign-up for the path of a training; null: none. */
  async mine(training: string): Promise<Enrolment | null> {
    return (
      (await this.#asPortal(async ({ Enrolment, Event }) =>
        Enrolment.query()
          .whereIn('event_id', Event.query().where({ training_id: training, self_paced: true }).select('id'))
          .where({ person_id: this.#principal.id })
          .whereNotIn('state', ['cancelled', 'event_cancelled'])
          .first(),
      )) ?? null
    );
  }

  #asPortal<T>(fn: (services: Dependencies) => PromiseLike<T>): Promise<T> {
    return this.#services.actAs(systemPrincipal(), async (services: Dependencies) => fn(services));
  }
}
