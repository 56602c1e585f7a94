import type { Knex } from 'knex';
import type { Cradle } from '../cradle.js';

/** Pseudonyms: who a person is to one tool. Random, so that two tools cannot tell that they know the same pupil. */
export class Subjects {
  readonly #knex: Knex;

  constructor({ knex }: Cradle) {
    this.#knex = knex;
  }

  /** The person's `sub` for this tool, made at the first launch; being used again keeps it from ageing. */
  async of(registrationId: string, personId: string): Promise<string> {
    const [row] = await this.#knex('subjects')
      .insert({ registration_id: registrationId, person_id: personId })
      .onConflict(['registration_id', 'person_id'])
      .merge({ updated_at: this.#knex.fn.now() })
      .returning('sub');
    return row.sub;
  }

  /** The person behind a `sub`, if this tool knows them by it. */
  async personBehind(registrationId: string, sub: string): Promise<string | null> {
    const row = await this.#knex('subjects').where({ registration_id: registrationId, sub }).first('person_id');
    return row?.person_id ?? null;
  }
}
