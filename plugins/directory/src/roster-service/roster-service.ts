import { notFound } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import { type Condition, type ListQuery, readFields, readFilter, wrong, wrongSort } from './list-query.js';
import { type Reference, type Resource, type ResourceName, resources } from './resources.js';

export const basePath = '/ims/oneroster/rostering/v1p2';

const pathOf = { org: 'orgs', academicSession: 'academicSessions', course: 'courses', class: 'classes', user: 'users' } as const;

/** Which rows of a resource belong to the thing that an address names: SQL over its columns, with `?` for the id. */
export interface Part {
  sql: string;
  /** The thing itself, which must be there. */
  of: ResourceName;
  id: string;
}

interface Row {
  id: string;
  modified: Date;
  active: boolean;
  total: string;
}

const operators: Record<Condition['operator'], string> = {
  '=': '=',
  '!=': '<>',
  '>': '>',
  '>=': '>=',
  '<': '<',
  '<=': '<=',
  '~': 'like',
};
const statusSql = `case when active then 'active' else 'tobedeleted' end`;
const timestamp = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?)?$/;

/**
 * Schools, classes and people as the Rostering Service of OneRoster 1.2 gives them. Row-level security limits each caller to their schools. The
 * ids are the portal's own: those of the schools' files may tell more.
 */
export class RosterService {
  readonly #knex: Knex;
  readonly #reference: Reference;

  constructor({ knex, portal }: Dependencies) {
    this.#knex = knex;
    this.#reference = (kind, id) => ({
      href: `${portal.url}/api/directory${basePath}/${pathOf[kind]}/${id}`,
      sourcedId: id,
      type: kind,
    });
  }

  /**
   * A page of objects with their number.
   *
   * @param parts what the objects must belong to
   * @throws Problem 404 if one of those is not there, 400 for a filter, sort or selection that cannot be
   */
  async list(name: ResourceName, parts: readonly Part[], query: ListQuery): Promise<{ objects: object[]; total: number }> {
    for (const { of, id } of parts) await this.one(of, id);
    const resource: Resource = resources[name];
    const columns = { sourcedId: 'id', dateLastModified: 'modified', status: statusSql, ...resource.fields };
    const sortedBy = columnOf(columns, query.sort ?? 'sourcedId', wrongSort);
    const selected = readFields(query.fields);
    const found = this.#knex.from(this.#knex.raw(`(${resource.sql}) as found`));
    for (const { sql, id } of parts) found.whereRaw(sql, [id]);
    if (query.filter !== undefined) {
      const { conditions, joint } = readFilter(query.filter);
      found.where((all) => {
        for (const condition of conditions) {
          const [sql, value] = this.#condition(columns, condition);
          if (joint === 'or') all.orWhereRaw(sql, [value]);
          else all.whereRaw(sql, [value]);
        }
      });
    }
    const rows: Row[] = await found
      .clone()
      .orderByRaw(`${sortedBy} ${query.orderBy === 'desc' ? 'desc' : 'asc'}, id`)
      .offset(query.offset)
      .limit(query.limit)
      .select('*', this.#knex.raw('count(*) over () as total'));
    // A page after the last one has no row that could tell the number.
    const [first] = rows.length === 0 && query.offset > 0 ? await found.count({ total: '*' }) : rows;
    return {
      objects: rows.map((row) => select(this.#toJson(resource, row), selected)),
      total: Number(first?.total ?? 0),
    };
  }

  /** @throws Problem 404 */
  async one(name: ResourceName, id: string): Promise<object> {
    const resource: Resource = resources[name];
    const found = this.#knex.from(this.#knex.raw(`(${resource.sql}) as found`));
    const [row]: Row[] = await found.where({ id }).limit(1);
    if (row === undefined) throw notFound();
    return this.#toJson(resource, row);
  }

  #toJson(resource: Resource, row: Row): Record<string, unknown> {
    return {
      sourcedId: row.id,
      status: row.active ? 'active' : 'tobedeleted',
      dateLastModified: row.modified.toISOString(),
      ...resource.toJson(row, this.#reference),
    };
  }

  #condition(columns: Record<string, string>, { field, operator, value }: Condition): [sql: string, value: string] {
    const column = columnOf(columns, field, wrong);
    if (field === 'dateLastModified') {
      if (!timestamp.test(value) || Number.isNaN(Date.parse(value)) || operator === '~') {
        throw wrong(`dateLastModified is compared with a time such as 2026-09-01T00:00:00Z, not with ${value}`);
      }
      return [`${column} ${operators[operator]} ?::timestamptz`, value];
    }
    if (operator === '~') return [`position(lower(?) in lower(${column}::text)) > 0`, value];
    return [`${column}::text ${operators[operator]} ?`, value];
  }
}

function columnOf(columns: Record<string, string>, field: string, refusal: typeof wrong): string {
  const column = Object.hasOwn(columns, field) ? columns[field] : undefined;
  if (column === undefined)
    throw refusal(`There is no field ${field} to filter or sort by. There are ${Object.keys(columns).join(', ')}.`);
  return column;
}

/** The members that were selected; all if the object has none of them (OneRoster 1.2 §3.4.5). */
function select(object: Record<string, unknown>, fields: readonly string[] | null): object {
  const selected = Object.entries(object).filter(([name]) => fields?.includes(name));
  return selected.length === 0 ? object : Object.fromEntries(selected);
}
