import { notFound } from '@ilearn/core';
import type { ActivityRecord } from '@ilearn/plugin-library';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';

/** Activities that a list shows. */
export const mostKept = 200;

export interface KeptChoice {
  id: string;
  activityId: string;
  title: string;
  tool: string;
  /** Whether the person who asks chose it. */
  own: boolean;
  keptAt: string;
}

/**
 * Activities that teachers chose in tools. Who chose one may withdraw it, and an ICT coordinator those of their school. It leaves the library
 * when nobody of the school keeps it any more.
 */
export class KeptChoices {
  readonly #knex: Knex;
  readonly #principal: Dependencies['principal'];
  readonly #library: Dependencies['library'];

  constructor({ knex, principal, library }: Dependencies) {
    this.#knex = knex;
    this.#principal = principal;
    this.#library = library;
  }

  /** Notes that the principal keeps these activities; `activityIds` in the order of `records`. */
  async note(
    registrationId: string,
    school: string,
    records: readonly ActivityRecord[],
    activityIds: readonly string[],
  ): Promise<void> {
    await this.#knex('kept_choices')
      .insert(
        records.map((record, index) => ({
          activity_id: activityIds[index],
          registration_id: registrationId,
          school_id: school,
          person_id: this.#principal.id,
          record: JSON.stringify(record),
        })),
      )
      .onConflict(['activity_id', 'person_id'])
      .merge({ record: this.#knex.raw('excluded.record'), updated_at: this.#knex.fn.now() });
  }

  /** What the principal may withdraw, newest first; one more than is shown if there are more. */
  async list(): Promise<KeptChoice[]> {
    const rows: { id: string; activity_id: string; person_id: string | null; title: string; tool: string; updated_at: Date }[] =
      await this.#mine()
        .join('registrations', 'registrations.id', 'kept_choices.registration_id')
        .orderByRaw('kept_choices.updated_at desc, kept_choices.id')
        .limit(mostKept + 1)
        .select(
          'kept_choices.id',
          'activity_id',
          'person_id',
          'kept_choices.updated_at',
          this.#knex.raw("record->>'title' as title"),
          'registrations.name as tool',
        );
    return rows.map(({ id, activity_id, person_id, title, tool, updated_at }) => ({
      id,
      activityId: activity_id,
      title,
      tool,
      own: person_id === this.#principal.id,
      keptAt: updated_at.toISOString(),
    }));
  }

  /**
   * Withdraws an activity from the library. Paths that have it keep their results, and tell that it no longer works.
   *
   * @returns whether it left the library; false: a colleague keeps it too
   * @throws Problem 404 if it is not one that the principal may withdraw
   */
  async withdraw(id: string): Promise<boolean> {
    const row: { activity_id: string; record: ActivityRecord } | undefined = await this.#mine()
      .where('kept_choices.id', id)
      .first('activity_id', 'record');
    if (row === undefined) throw notFound();
    await this.#knex('kept_choices').where({ id }).delete();
    const others = await this.#knex('kept_choices').where({ activity_id: row.activity_id }).first('id');
    if (others !== undefined || this.#library === undefined) return false;
    await this.#library.activities.upsert([{ ...row.record, available: false }]);
    return true;
  }

  #mine(): Knex.QueryBuilder {
    const coordinated = this.#principal.roles.flatMap(({ tenant, role }) =>
      role === 'ict-coordinator' && tenant !== null ? [tenant] : [],
    );
    return this.#knex('kept_choices').where((either) =>
      either.where('kept_choices.person_id', this.#principal.id).orWhereIn('kept_choices.school_id', coordinated),
    );
  }
}
