import type { Dependencies } from '../dependencies.js';

export interface Delivered {
  coaching_id: string;
  provider_id: string;
  school_id: string;
  tool: string;
  day: string;
  minutes: number;
  kind: string;
}

/** Hours that both sides confirmed, by school, as far as the caller may see them: a provider its own, a portal administrator all. */
export class DeliveredHours {
  readonly #knex: Dependencies['knex'];

  constructor({ knex }: Dependencies) {
    this.#knex = knex;
  }

  /** Entries of these days by provider, school and day; `after`: position of the last one of the page before. */
  page(from: string, to: string, after: readonly string[] | null, limit: number): Promise<(Delivered & { id: string })[]> {
    const query = this.#knex('coaching_entries as e')
      .join('coachings as c', 'c.id', 'e.coaching_id')
      .whereNotNull('e.coach_at')
      .whereNotNull('e.school_at')
      .whereBetween('e.day', [from, to])
      .orderBy(['e.provider_id', 'e.school_id', 'e.day', 'e.id'])
      .limit(limit)
      .select('e.id', 'e.coaching_id', 'e.provider_id', 'e.school_id', 'c.tool', 'e.day', 'e.minutes', 'e.kind');
    if (after !== null)
      query.whereRaw('(e.provider_id, e.school_id, e.day, e.id) > (?::uuid, ?::uuid, ?::date, ?::uuid)', [...after]);
    return query as unknown as Promise<(Delivered & { id: string })[]>;
  }
}
