import { forbidden, notFound, type Position, type Principal } from '@ilearn/core';
import type { Knex } from 'knex';
import { ChangesToPublish } from '../changes-to-publish.js';
import type { Dependencies } from '../dependencies.js';
import type { Classes, ClassSummary, PersonSummary } from '../exports.js';
import { isUuid } from '../ids.js';
import { byClassName, byFamilyName } from '../order.js';
import { type PersonRow, personColumns, summaryOf } from '../people/people-service.js';
import { coordinatedBy, onlyVisible, staffSchools } from '../people/visibility.js';
import { currentYears } from '../school-years.js';
import { type ListPart, mostClasses, mostMembers } from '../shapes.js';

interface ClassRow {
  id: string;
  school_id: string;
  name: string;
  school_year: string;
  kind: 'class' | 'group';
  pupils: string;
}

/** A member of a class, with their position in the list of its members. */
export interface ClassMember {
  role: 'pupil' | 'teacher';
  person: PersonSummary;
  sorted: Position;
}

const classOf = (row: ClassRow): ClassSummary => ({
  id: row.id,
  school: row.school_id,
  name: row.name,
  schoolYear: row.school_year,
  kind: row.kind,
  pupils: Number(row.pupils),
});

/** `directory.classes` */
export class ClassService implements Classes {
  readonly #knex: Knex;
  readonly #principal: Principal;
  readonly #events: Dependencies['events'];

  constructor({ knex, principal, events }: Dependencies) {
    this.#events = events;
    this.#knex = knex;
    this.#principal = principal;
  }

  async get(id: string): Promise<ClassSummary | null> {
    if (!isUuid(id)) return null;
    const row = await this.#visible().where('classes.id', id).first();
    return row === undefined ? null : classOf(row);
  }

  async getMany(ids: readonly string[]): Promise<ClassSummary[]> {
    const wanted = [...new Set(ids.filter(isUuid))];
    if (wanted.length === 0) return [];
    const rows: ClassRow[] = await this.#visible().whereRaw('classes.id = any(?::uuid[])', [wanted]);
    return rows.map(classOf);
  }

  async canSee(classId: string): Promise<boolean> {
    if (!isUuid(classId)) return false;
    return (
      (await this.#narrowed(this.#knex('classes').where({ 'classes.id': classId, 'classes.active': true })).first(
        'classes.id',
      )) !== undefined
    );
  }

  async ofPerson(personId: string, role?: 'pupil' | 'teacher'): Promise<ClassSummary[]> {
    if (!isUuid(personId)) return [];
    const rows: ClassRow[] = await this.#ofPerson(personId, role).limit(mostClasses);
    return rows.map(classOf).sort(byClassName);
  }

  /**
   * What the page of a person shows: like {@link ofPerson}, but of groups only those that the caller made or may remove, because a group
   * may say that a child needs help.
   */
  async shownOf(personId: string): Promise<ClassSummary[]> {
    if (!isUuid(personId)) return [];
    const rows: ClassRow[] = await this.#withoutGroupsOfOthers(this.#ofPerson(personId)).limit(mostClasses);
    return rows.map(classOf).sort(byClassName);
  }

  /**
   * Classes of this school year, and groups that the caller made or may remove as ICT coordinator; of one school, or of all schools that
   * the caller sees.
   */
  async ofSchool(school?: string): Promise<ClassSummary[]> {
    const query = this.#ofSchools();
    if (school !== undefined) query.where('classes.school_id', school);
    const rows: ClassRow[] = await query.limit(mostClasses);
    return rows.map(classOf).sort(byClassName);
  }

  /** Part of the caller's own classes (`me`), or of those of `ofSchool`; by name as the database compares it, then id. */
  async list({ of, school }: { of: 'me' | 'school'; school?: string | undefined }, part: ListPart): Promise<ClassSummary[]> {
    const { id } = this.#principal;
    if (of === 'me' && !isUuid(id ?? '')) return [];
    const query = of === 'me' ? this.#ofPerson(id ?? '') : this.#ofSchools();
    if (school !== undefined) query.where('classes.school_id', school);
    if (part.after !== null) query.whereRaw('(classes.name, classes.id) > (?::text, ?::uuid)', [...part.after] as string[]);
    const rows: ClassRow[] = await query.limit(part.limit);
    return rows.map(classOf);
  }

  async pupilsOf(classId: string): Promise<PersonSummary[]> {
    return this.#members(classId, 'pupil');
  }

  async pupilsOfMany(classIds: readonly string[]): Promise<PersonSummary[][]> {
    const ids = [...new Set(classIds.filter(isUuid))];
    if (ids.length === 0) return classIds.map(() => []);
    const rows: (PersonRow & { class_id: string })[] = await onlyVisible(this.#knex('people'), this.#principal)
      .join('class_members as member', 'member.person_id', 'people.id')
      .where('member.role', 'pupil')
      .whereIn('member.class_id', ids)
      .select('member.class_id', ...personColumns);
    const byClass = new Map<string, PersonSummary[]>(ids.map((id) => [id.toLowerCase(), []]));
    for (const row of rows) byClass.get(row.class_id)?.push(summaryOf(row, this.#principal));
    for (const pupils of byClass.values()) pupils.sort(byFamilyName);
    return classIds.map((id) => byClass.get(id.toLowerCase()) ?? []);
  }

  async teachersOf(classId: string): Promise<PersonSummary[]> {
    return this.#members(classId, 'teacher');
  }

  async addMember(classId: string, personId: string, role: 'pupil' | 'teacher'): Promise<void> {
    if (this.#principal.kind !== 'system') throw forbidden('Only the portal itself adds members to a class.');
    const one = isUuid(classId)
      ? await this.#knex('classes').where({ id: classId, kind: 'class', active: true }).first('school_id')
      : undefined;
    const school: string | undefined = one?.school_id;
    const member =
      school === undefined
        ? undefined
        : await this.#knex('memberships').where({ school_id: school, person_id: personId, active: true }).first('person_id');
    if (school === undefined || member === undefined) throw notFound();
    await this.#knex('enrolments').insert({ school_id: school, class_id: classId, person_id: personId, role });
    const changes = new ChangesToPublish();
    changes.enrolment('added', school, { classId, personId, role });
    await changes.publish(this.#events);
  }

  /** Part of the members of a class: the teachers first, each kind by family name and id. `sorted`: their position in the list. */
  async members(classId: string, { limit, after }: ListPart): Promise<ClassMember[]> {
    const query = onlyVisible(this.#knex('people'), this.#principal)
      .join('class_members as member', 'member.person_id', 'people.id')
      .where('member.class_id', classId)
      .select('member.role', ...personColumns)
      .orderByRaw("(member.role = 'pupil'), people.family_name, people.id")
      .limit(limit);
    if (after !== null) {
      query.whereRaw("(member.role = 'pupil', people.family_name, people.id) > (?::boolean, ?::text, ?::uuid)", [
        ...after,
      ] as string[]);
    }
    const rows: (PersonRow & { role: 'pupil' | 'teacher' })[] = await query;
    return rows.map((row) => ({
      role: row.role,
      person: summaryOf(row, this.#principal),
      sorted: [row.role === 'pupil', row.family_name, row.id],
    }));
  }

  /** Classes and groups of this school year of a person whom the caller may see. */
  #ofPerson(personId: string, role?: 'pupil' | 'teacher'): Knex.QueryBuilder {
    const memberships = this.#knex('class_members').where({ person_id: personId, ...(role === undefined ? {} : { role }) });
    // Everyone sees the classes that they are in.
    const classes = personId === this.#principal.id ? this.#classes() : this.#visible();
    return this.#ofThisYear(classes)
      .whereIn('classes.id', memberships.select('class_id'))
      .whereExists(onlyVisible(this.#knex('people'), this.#principal).where('people.id', personId));
  }

  #ofSchools(): Knex.QueryBuilder {
    return this.#withoutGroupsOfOthers(this.#ofThisYear(this.#visible()));
  }

  #withoutGroupsOfOthers(query: Knex.QueryBuilder): Knex.QueryBuilder {
    return query.where((either) =>
      either
        .where('classes.kind', 'class')
        .orWhere('classes.owner_id', this.#principal.id)
        .orWhereIn('classes.school_id', coordinatedBy(this.#principal)),
    );
  }

  /** Classes that the caller may see: all classes of the schools where they work, and those that they are in at other schools. */
  #visible(): Knex.QueryBuilder {
    return this.#narrowed(this.#classes());
  }

  #classes(): Knex.QueryBuilder {
    return this.#knex('classes')
      .where('classes.active', true)
      .select('classes.id', 'classes.school_id', 'classes.name', 'classes.school_year', 'classes.kind')
      .select(
        this.#knex.raw("(select count(*) from class_members m where m.class_id = classes.id and m.role = 'pupil') as pupils"),
      );
  }

  #narrowed(query: Knex.QueryBuilder): Knex.QueryBuilder {
    const schools = staffSchools(this.#principal);
    if (schools === '*') return query;
    return query.where((either) => {
      either.whereIn('classes.school_id', schools);
      either.orWhereIn('classes.id', this.#knex('class_members').where({ person_id: this.#principal.id }).select('class_id'));
    });
  }

  #ofThisYear(classes: Knex.QueryBuilder): Knex.QueryBuilder {
    return classes
      .join(currentYears(this.#knex).as('year'), (on) => {
        on.on('year.school_id', 'classes.school_id').on('year.name', 'classes.school_year');
      })
      .orderBy(['classes.name', 'classes.id']);
  }

  async #members(classId: string, role: 'pupil' | 'teacher'): Promise<PersonSummary[]> {
    if (!isUuid(classId)) return [];
    const rows: PersonRow[] = await onlyVisible(this.#knex('people'), this.#principal)
      .whereIn('people.id', this.#knex('class_members').where({ class_id: classId, role }).select('person_id'))
      .select(personColumns)
      .orderBy(['people.family_name', 'people.id'])
      .limit(mostMembers);
    return rows.map((row) => summaryOf(row, this.#principal)).sort(byFamilyName);
  }
}
