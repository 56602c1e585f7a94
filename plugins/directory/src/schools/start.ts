import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import { currentYears } from '../school-years.js';

/** State of the rolls of one school. */
export interface RosterState {
  school: string;
  name: string;
  pupils: number;
  staff: number;
  classes: number;
  /** Pupils who are in no class of this school year. */
  withoutClass: number;
  /** When files of the school were last read; null: never. */
  importedAt: string | null;
}

/** What the start page tells about schools. One statement for any number of schools. */
export class SchoolStart {
  readonly #knex: Knex;

  constructor({ knex }: Dependencies) {
    this.#knex = knex;
  }

  /** By name. */
  async rosters(limit: number): Promise<RosterState[]> {
    const knex = this.#knex;
    const rows: (Omit<RosterState, 'importedAt'> & { imported_at: Date | null })[] = await knex('schools')
      .leftJoin(currentYears(knex).as('year'), 'year.school_id', 'schools.id')
      .orderBy(['schools.name', 'schools.id'])
      .limit(limit)
      .select({ school: 'schools.id', name: 'schools.name' })
      .select(
        knex.raw(`
          (select count(*)::int from memberships m join people p on p.id = m.person_id
            where m.school_id = schools.id and m.active and p.kind = 'pupil') as pupils,
          (select count(*)::int from memberships m join people p on p.id = m.person_id
            where m.school_id = schools.id and m.active and p.kind = 'staff') as staff,
          (select count(*)::int from classes c
            where c.school_id = schools.id and c.active and c.kind = 'class' and c.school_year = year.name) as classes,
          (select count(*)::int from memberships m join people p on p.id = m.person_id
            where m.school_id = schools.id and m.active and p.kind = 'pupil' and not exists (
              select from enrolments e join classes c on c.id = e.class_id
              where e.person_id = m.person_id and e.school_id = m.school_id and e.active and e.role = 'pupil'
                and c.active and c.kind = 'class' and c.school_year = year.name)) as "withoutClass",
          (select i.imported_at from imports i where i.school_id = schools.id) as imported_at`),
      );
    return rows.map(({ imported_at, ...row }) => ({ ...row, importedAt: imported_at?.toISOString() ?? null }));
  }
}
