import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';

/** Pseudonyms of people, a different one for each tool. They are random, so that two tools cannot tell that they have the same pupil. */
export class Subjects {
  readonly #knex: Knex;

  constructor({ knex }: Dependencies) {
    this.#knex = knex;
  }

  /** The person's `sub` for this tool, created at the first launch. Each use renews its retention period. */
  async of(registrationId: string, personId: string): Promise<string> {
    const [row] = await this.#knex('subjects')
      .insert({ registration_id: registrationId, person_id: personId })
      .onConflict(['registration_id', 'person_id'])
      .merge({ updated_at: this.#knex.fn.now() })
      .returning('sub');
    return row.sub;
  }

  /** The same for many people at once, by person. */
  async ofMany(registrationId: string, personIds: readonly string[]): Promise<Map<string, string>> {
    if (personIds.length === 0) return new Map();
    const rows: { person_id: string; sub: string }[] = await this.#knex('subjects')
      .insert([...new Set(personIds)].map((personId) => ({ registration_id: registrationId, person_id: personId })))
      .onConflict(['registration_id', 'person_id'])
      .merge({ updated_at: this.#knex.fn.now() })
      .returning(['person_id', 'sub']);
    return new Map(rows.map((row) => [row.person_id, row.sub]));
  }

  /** The person with this `sub` at this tool; null if there is none. */
  async personBehind(registrationId: string, sub: string): Promise<string | null> {
    const row = await this.#knex('subjects').where({ registration_id: registrationId, sub }).first('person_id');
    return row?.person_id ?? null;
  }
}
