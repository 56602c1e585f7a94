import type { Dependencies } from '../dependencies.js';
import type { AssignmentRow } from './model.js';
import type { Assignments } from './service.js';

/** Paths whose first day has come since they were given. */
export class BegunPaths {
  private readonly knex;
  private readonly assignments;

  constructor({ knex, assignments }: Dependencies & { assignments: Assignments }) {
    this.knex = knex;
    this.assignments = assignments;
  }

  /** Notifies pupils of paths whose day has come. At most this many at a time. Returns how many paths. */
  async announce(limit: number): Promise<number> {
    const rows: (AssignmentRow & { title: string })[] = await this.assignments
      .rows()
      .whereNull('announced_at')
      .whereNull('ended_at')
      .where('begins_at', '<=', this.knex.fn.now())
      .orderBy(['begins_at', 'id'])
      .limit(limit)
      .select({ title: this.knex('paths').whereRaw('paths.id = assignments.path_id').select('title') });
    if (rows.length === 0) return 0;
    const pupils = await this.assignments.pupilsOfMany(rows);
    for (const row of rows) {
      await this.assignments.notifyPupils(
        row.id,
        row.title,
        (pupils.get(row.id) ?? []).map(({ id }) => id),
      );
    }
    await this.knex('assignments')
      .whereIn(
        'id',
        rows.map(({ id }) => id),
      )
      .update({ announced_at: this.knex.fn.now() });
    return rows.length;
  }
}
