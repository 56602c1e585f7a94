import type { Knex } from 'knex';

/** Columns of each table that applying writes; the first one identifies a row within the school. */
const tables = {
  school_years: ['id', 'school_id', 'name', 'starts_on', 'ends_on', 'session_ids'],
  classes: [
    'id',
    'school_id',
    'kind',
    'name',
    'school_year',
    'site_id',
    'owner_id',
    'sourced_id',
    'grade',
    'active',
    'updated_at',
  ],
  enrolments: ['id', 'school_id', 'class_id', 'person_id', 'role', 'begins_on', 'ends_on', 'sourced_id', 'active', 'updated_at'],
  people: ['id', 'school_ids', 'provider_ids', 'given_name', 'family_name', 'kind', 'email', 'active', 'updated_at'],
  memberships: ['person_id', 'school_id', 'sourced_id', 'enabled', 'active', 'updated_at'],
  roles: ['id', 'school_id', 'person_id', 'role', 'sourced_id', 'updated_at'],
} as const;

export type RecordedTable = keyof typeof tables;

/** A row as it was and as it became. */
export interface Recorded {
  row_id: string;
  person_id: string | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

/** The kernel's error for rows about people whose data are restricted. */
const keptByRestriction = 'IL423';

const personOf: Record<RecordedTable, string> = {
  school_years: 'null::uuid',
  classes: 'null::uuid',
  enrolments: 't.person_id',
  people: 't.id',
  memberships: 't.person_id',
  roles: 't.person_id',
};

/** Records rows before and after they are written, and puts them back. Table names are the constants above. */
export class RowLog {
  readonly #knex: Knex;
  readonly #rollover: string;
  readonly #school: string;

  constructor(knex: Knex, rollover: string, school: string) {
    this.#knex = knex;
    this.#rollover = rollover;
    this.#school = school;
  }

  /** Writes rows with these ids (of people for memberships), and returns those that changed. */
  async write(table: RecordedTable, ids: readonly string[], write: () => PromiseLike<unknown>): Promise<Recorded[]> {
    if (ids.length === 0) return [];
    await this.#record(table, ids, 'before');
    await write();
    await this.#record(table, ids, 'after');
    // The database keeps rows about people whose data are restricted.
    await this.#rows(table).whereRaw('before = after').delete();
    return this.#rows(table)
      .whereRaw('row_id = any(?::uuid[])', [[...ids]])
      .select('row_id', 'person_id', 'before', 'after');
  }

  rowsOf(table: RecordedTable): Promise<Recorded[]> {
    return this.#rows(table).select('row_id', 'person_id', 'before', 'after') as unknown as Promise<Recorded[]>;
  }

  /**
   * Whether undoing would take something away that is not of the turn: a class that was made was taken over by the school's own data, or has members who
   * were added since.
   */
  async isOvertaken(): Promise<boolean> {
    const { rows } = await this.#knex.raw(
      `select exists (
         select from rollover_rows r
         left join classes c on r.source = 'classes' and c.id = r.row_id
         left join enrolments e on r.source = 'enrolments' and e.id = r.row_id
         where r.rollover_id = ? and (r.before is null or not (r.before->>'active')::boolean) and (
           (r.source = 'classes' and (c.id is null or c.sourced_id is not null or not c.active))
           or (r.source = 'enrolments' and to_jsonb(e) is distinct from r.after))
       ) or exists (
         select from rollover_rows r join enrolments e on e.class_id = r.row_id
         where r.rollover_id = ? and r.source = 'classes' and (r.before is null or not (r.before->>'active')::boolean)
           and not exists (
             select from rollover_rows own where own.rollover_id = r.rollover_id and own.source = 'enrolments' and own.row_id = e.id)
       ) as overtaken`,
      [this.#rollover, this.#rollover],
    );
    return rows[0].overtaken;
  }

  /**
   * Puts the rows of a table back that are as they became, and returns these.
   *
   * @param people only rows of these; null: all
   */
  async restore(table: RecordedTable, people: readonly string[] | null = null): Promise<Recorded[]> {
    const columns = tables[table];
    const [id] = columns;
    const same = `select r.row_id, r.person_id, r.before, r.after from rollover_rows r left join ${table} t on t.${id} = r.row_id and ${this.#own(table)}
      where r.rollover_id = ? and r.source = ? and to_jsonb(t) is not distinct from r.after and (?::uuid[] is null or r.person_id = any(?::uuid[]))`;
    const some = people === null ? null : [...people];
    const { rows }: { rows: Recorded[] } = await this.#knex.raw(same, [
      ...this.#ownValues(table),
      this.#rollover,
      table,
      some,
      some,
    ]);
    const added = rows.flatMap(({ row_id, before }) => (before === null ? [row_id] : []));
    if (table === 'classes') await this.#deleteClasses(added);
    else await this.#knex(table).whereRaw(`${id} = any(?::uuid[])`, [added]).delete();
    const before = rows.flatMap((row) => (row.before === null ? [] : [row.before]));
    if (before.length > 0) {
      await this.#knex.raw(
        `insert into ${table} (${columns.join(', ')})
         select ${columns.map((column) => `p.${column}`).join(', ')} from jsonb_populate_recordset(null::${table}, ?::jsonb) p
         on conflict (${table === 'memberships' ? 'school_id, person_id' : 'id'})
         do update set ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`,
        [JSON.stringify(before)],
      );
    }
    return rows;
  }

  /** Deletes classes that were made. Those with somebody whose data are restricted stay, as classes of the past. */
  async #deleteClasses(ids: readonly string[]): Promise<void> {
    const classes = (some: readonly string[], knex: Knex = this.#knex) =>
      knex('classes').whereRaw('id = any(?::uuid[])', [[...some]]);
    const isDeleted = async (some: readonly string[]): Promise<boolean> => {
      try {
        await this.#knex.transaction(async (savepoint) => void (await classes(some, savepoint).delete()));
        return true;
      } catch (error) {
        if ((error as { code?: unknown }).code === keptByRestriction) return false;
        throw error;
      }
    };
    if (ids.length === 0 || (await isDeleted(ids))) return;
    for (const id of ids)
      if (!(await isDeleted([id]))) await classes([id]).update({ active: false, updated_at: this.#knex.fn.now() });
  }

  async clear(): Promise<void> {
    await this.#knex('rollover_rows').where({ rollover_id: this.#rollover }).delete();
  }

  #rows(table: RecordedTable): Knex.QueryBuilder {
    return this.#knex('rollover_rows').where({ rollover_id: this.#rollover, source: table });
  }

  async #record(table: RecordedTable, ids: readonly string[], as: 'before' | 'after'): Promise<void> {
    await this.#knex.raw(
      `insert into rollover_rows (rollover_id, source, row_id, school_id, person_id, ${as})
       select ?, ?, t.${tables[table][0]}, ?, ${personOf[table]}, to_jsonb(t) from ${table} t
       where t.${tables[table][0]} = any(?::uuid[]) and ${this.#own(table)}
       on conflict (rollover_id, source, row_id) do update set ${as} = excluded.${as}`,
      [this.#rollover, table, this.#school, [...ids], ...this.#ownValues(table)],
    );
  }

  /** A person has a membership of each school. */
  #own(table: RecordedTable): string {
    return table === 'memberships' ? 't.school_id = ?' : 'true';
  }

  #ownValues(table: RecordedTable): string[] {
    return table === 'memberships' ? [this.#school] : [];
  }
}
