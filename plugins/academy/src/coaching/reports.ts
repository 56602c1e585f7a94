import type { Principal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { Coaching } from '../models.js';
import type { Coachings } from './coachings.js';

export interface Report {
  id: string;
  text: string;
  created_at: Date;
}

/** Reports of a coaching. A coach who stands in writes one without reading those of others. */
export class CoachingReports {
  readonly #principal: Principal;
  readonly #knex: Dependencies['knex'];
  readonly #coachings: Coachings;

  constructor({ principal, knex, coachings }: Dependencies & { coachings: Coachings }) {
    this.#principal = principal;
    this.#knex = knex;
    this.#coachings = coachings;
  }

  /** Oldest first. */
  async of(coaching: Coaching): Promise<Report[]> {
    const { id } = this.#principal;
    const query = this.#knex('coaching_reports').where({ coaching_id: coaching.id }).orderBy('created_at').limit(50);
    if (coaching.stand_in_id === id && coaching.coach_id !== id) query.where({ author_id: id });
    return query.select('id', 'text', 'created_at');
  }

  /** Adds a report and hands it in. Once it is handed in, hours and report stay as they are, unless the school sends it back. */
  async submit(id: string, text: string): Promise<Coaching> {
    const coaching = await this.#coachings.act(id, 'report');
    const { school_id, provider_id } = coaching;
    await this.#knex('coaching_reports').insert({ coaching_id: id, school_id, provider_id, author_id: this.#principal.id, text });
    return coaching;
  }
}
