import { notFound, systemPrincipal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import { answeringSchool } from './controllers.js';
import type { NewRequest, Requests } from './requests.js';
import type { LetterRow, RequestRow } from './rows.js';

/** Most requests in a person's own list. */
export const mostOwn = 50;

type Services = Pick<Dependencies, 'principal' | 'actAs' | 'privacy'>;

/**
 * Requests of the signed-in person. Runs as the system, because the operator's requests are in no school and those of a school belong to its
 * officers; each statement is limited to the person.
 */
export class OwnRequests {
  readonly #person: string;
  readonly #services: Services;

  constructor({ principal, actAs, privacy }: Services) {
    this.#person = principal.id ?? '';
    this.#services = { principal, actAs, privacy };
  }

  list(): Promise<{ request: RequestRow; letters: LetterRow[] }[]> {
    return this.#services.actAs(systemPrincipal(), async ({ knex }: Dependencies) => {
      const requests: RequestRow[] = await knex('requests')
        .where({ person_id: this.#person })
        .orderBy('created_at', 'desc')
        .limit(mostOwn);
      const letters: (LetterRow & { request_id: string })[] = await knex('request_letters')
        .whereIn(
          'request_id',
          requests.map(({ id }) => id),
        )
        .where({ person_id: this.#person })
        .orderBy(['made_at', 'id'])
        .limit(mostOwn * 10);
      // Letters to a parent are the parent's.
      return requests.map((request) => ({
        request,
        letters: request.asked_by === 'self' ? letters.filter(({ request_id }) => request_id === request.id) : [],
      }));
    });
  }

  /** Schools that may answer: those to which the person belongs. */
  async schools(): Promise<{ id: string; name: string }[]> {
    return this.#services.actAs(systemPrincipal(), async ({ directory }: Dependencies) => {
      const ids = (await directory.people.get(this.#person))?.schools ?? [];
      const schools = await Promise.all(ids.map((id) => directory.schools.get(id)));
      return schools.flatMap((school) => (school === null ? [] : [{ id: school.id, name: school.name }]));
    });
  }

  /**
   * Goes to the controller of the purpose: the school, or the operator.
   *
   * @param request `school`: which of the person's schools; null: the first, or the operator if there is none
   * @throws Problem 404 if the person does not belong to the school, or there is no such purpose
   */
  async ask(
    request: Omit<NewRequest, 'personId' | 'askedBy' | 'askerName' | 'askerContact'>,
  ): Promise<{ id: string; number: string }> {
    const schools = await this.schools();
    if (request.school !== null && !schools.some(({ id }) => id === request.school)) throw notFound();
    const school = await answeringSchool(this.#services, request.purpose, request.school ?? schools[0]?.id ?? null);
    const asked = { ...request, school, personId: this.#person, askedBy: 'self' as const, askerName: '', askerContact: '' };
    return this.#services.actAs(systemPrincipal(), ({ requests }: { requests: Requests }) =>
      requests.create(asked, 'ask', this.#person),
    );
  }

  /** @throws Problem 404 if it is not the person's own */
  async withdraw(id: string): Promise<void> {
    await this.#services.actAs(systemPrincipal(), async ({ knex, requests }: Dependencies & { requests: Requests }) => {
      const own = await knex('requests').where({ id, person_id: this.#person, asked_by: 'self' }).first('id');
      if (own === undefined) throw notFound();
      await requests.change(id, 'withdraw', 'asker', {}, this.#person);
    });
  }
}
