import { notFound } from '@ilearn/core';
import type { Knex } from 'knex';
import type { ImportCounts } from '../changes-to-publish.js';
import type { Dependencies } from '../dependencies.js';
import type { SchoolSummary } from '../exports.js';
import { currentYears } from '../school-years.js';
import { mostSites } from '../shapes.js';
import type { SchoolService } from './school-service.js';

export interface SchoolDetails extends SchoolSummary {
  /** Name of the school's group; null if it is in none. */
  group: string | null;
  sites: string[];
  /** Whether the school has more sites than these. */
  more: boolean;
  /** Null until a school year has been imported. */
  schoolYear: string | null;
  pupils: number;
  staff: number;
  classes: number;
  releases: { name: boolean; email: boolean };
  /** What is missing this school year. */
  missing: { pupilsWithoutClass: number; classesWithoutTeacher: number; classesWithoutPupils: number };
  /** When files of this school were last imported, and what changed then; null if never. */
  lastImport: ({ at: string } & ImportCounts) | null;
}

type Releases = SchoolDetails['releases'];

/** Overview and settings of a school, for those who manage it. */
export class SchoolAdmin {
  readonly #knex: Knex;
  readonly #schools: SchoolService;

  constructor({ knex, schools }: Dependencies & { schools: SchoolService }) {
    this.#knex = knex;
    this.#schools = schools;
  }

  /** Sets which personal data the school releases to tools. Omitted members do not change. */
  async setReleases(id: string, { name, email }: { name?: boolean | undefined; email?: boolean | undefined }): Promise<Releases> {
    const change = {
      ...(name === undefined ? {} : { release_name: name }),
      ...(email === undefined ? {} : { release_email: email }),
    };
    if (Object.keys(change).length > 0) {
      const changed = await this.#knex('schools')
        .where({ id })
        .update({ ...change, updated_at: this.#knex.fn.now() });
      if (changed === 0) throw notFound();
    }
    return this.#schools.releases(id);
  }

  async details(id: string): Promise<SchoolDetails | null> {
    const knex = this.#knex;
    const school = await knex('schools')
      .leftJoin('school_groups', 'school_groups.id', 'schools.group_id')
      .leftJoin(currentYears(knex).as('year'), 'year.school_id', 'schools.id')
      .where('schools.id', id)
      .first('schools.id', 'instellingsnummer', 'schools.name', 'release_name', 'release_email', {
        group: 'school_groups.name',
        schoolYear: 'year.name',
      });
    if (school === undefined) return null;
    const sites: string[] = await knex('sites')
      .where({ school_id: id, active: true })
      .orderBy('name')
      .limit(mostSites + 1)
      .pluck('name');
    const kinds: { kind: string; count: string }[] = await knex('memberships')
      .join('people', 'people.id', 'memberships.person_id')
      .where({ 'memberships.school_id': id, 'memberships.active': true })
      .groupBy('people.kind')
      .select('people.kind', knex.raw('count(*) as count'));
    const [classes] = await knex('classes')
      .where({ school_id: id, active: true, kind: 'class', school_year: school.schoolYear })
      .count({ count: '*' });
    const missing = await this.#missing(id, school.schoolYear);
    const last: { imported_at: Date; counts: ImportCounts } | undefined = await knex('imports').where({ school_id: id }).first();
    const countOf = (kind: string) => Number(kinds.find((one) => one.kind === kind)?.count ?? 0);
    return {
      id: school.id,
      instellingsnummer: school.instellingsnummer,
      name: school.name,
      group: school.group,
      sites: sites.slice(0, mostSites),
      more: sites.length > mostSites,
      schoolYear: school.schoolYear,
      pupils: countOf('pupil'),
      staff: countOf('staff'),
      classes: Number(classes?.['count'] ?? 0),
      releases: { name: school.release_name, email: school.release_email },
      missing,
      lastImport: last === undefined ? null : { at: last.imported_at.toISOString(), ...last.counts },
    };
  }

  async #missing(school: string, year: string | null): Promise<SchoolDetails['missing']> {
    const knex = this.#knex;
    const classes = () =>
      knex('classes').where({ 'classes.school_id': school, 'classes.active': true, kind: 'class', school_year: year });
    const membersOf = (role: string) => knex('class_members as m').whereRaw('m.class_id = classes.id').where('m.role', role);
    const pupils = knex('memberships')
      .join('people', 'people.id', 'memberships.person_id')
      .where({ 'memberships.school_id': school, 'memberships.active': true, 'people.kind': 'pupil' })
      .whereNotExists(classes().join('class_members as m', 'm.class_id', 'classes.id').whereRaw('m.person_id = people.id'));
    const row = await knex
      .select({
        pupilsWithoutClass: pupils.count(),
        classesWithoutTeacher: classes().whereNotExists(membersOf('teacher')).count(),
        classesWithoutPupils: classes().whereNotExists(membersOf('pupil')).count(),
      })
      .first();
    return {
      pupilsWithoutClass: Number(row?.pupilsWithoutClass ?? 0),
      classesWithoutTeacher: Number(row?.classesWithoutTeacher ?? 0),
      classesWithoutPupils: Number(row?.classesWithoutPupils ?? 0),
    };
  }
}
