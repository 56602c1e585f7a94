import { notFound, type Principal, systemPrincipal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import { refused } from '../problems.js';

export const questions = ['useful', 'clear', 'again'] as const;
type Question = (typeof questions)[number];
export type Evaluation = Record<Question, number> & { remark: string };

/** Fewer answers are not shown: whoever knows the group could tell whose they are. */
export const fewestAnswers = 5;
export const mostRemarks = 500;

/** Answers to the evaluation of events. Nothing in them says who gave them; the sign-up says only that its person has answered. */
export class Evaluations {
  readonly #principal: Principal;
  readonly #services: Pick<Dependencies, 'knex' | 'actAs' | 'Enrolment' | 'Event'>;

  constructor({ principal, knex, actAs, Enrolment, Event }: Dependencies) {
    this.#principal = principal;
    this.#services = { knex, actAs, Enrolment, Event };
  }

  /** Takes the caller's answers, once for each event that they attended. */
  async answer(eventId: string, { remark, ...scores }: Evaluation): Promise<void> {
    const { Enrolment, actAs } = this.#services;
    const marked = await Enrolment.query()
      .where({ event_id: eventId, person_id: this.#principal.id, evaluated: false })
      .whereIn('state', ['attended', 'partial'])
      .patch({ evaluated: true });
    if (marked === 0) {
      const own = await Enrolment.query().findOne({ event_id: eventId, person_id: this.#principal.id }).select('id');
      throw own === undefined ? notFound() : refused('not-now');
    }
    await actAs(systemPrincipal(), async ({ Event, knex }: Dependencies) => {
      const event = await Event.query().findById(eventId).select('provider_id');
      if (event === undefined) throw notFound();
      await knex('evaluations').insert({ event_id: eventId, provider_id: event.provider_id, ...scores, remark });
    });
  }

  /** How often each of the answers 1 to 5 was given, and the remarks in no order; only their number while there are fewer than five. */
  async of(eventId: string) {
    const { knex, Event } = this.#services;
    if ((await Event.query().findById(eventId).select('id')) === undefined) throw notFound();
    const [{ answers }] = await knex('evaluations').where({ event_id: eventId }).select(knex.raw('count(*)::int as answers'));
    if (answers < fewestAnswers) return { answers: answers as number, scores: null, remarks: [] };
    const rows: (Record<Question, number> & { remark: string })[] = await knex('evaluations')
      .where({ event_id: eventId })
      .orderBy('id')
      .limit(10_000)
      .select(...questions, 'remark');
    const scores = questions.map((question) => ({
      question,
      counts: [1, 2, 3, 4, 5].map((score) => rows.filter((row) => row[question] === score).length),
    }));
    const remarks = rows.flatMap(({ remark }) => (remark === '' ? [] : remark)).slice(0, mostRemarks);
    return { answers: answers as number, scores, remarks };
  }
}
