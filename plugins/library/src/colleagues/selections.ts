import { forbidden, notFound, Problem } from '@ilearn/core';
import type { Focus } from '../activities/foci.js';
import { sourceOf } from '../activities/offered.js';
import { activityRows, summaries } from '../activities/rows.js';
import type { Dependencies } from '../dependencies.js';
import type { ActivitySummary } from '../exports.js';
import { ownSchool } from './own-school.js';

export interface SelectionSummary {
  id: string;
  /** A didactic focus of the whole portal; null: a selection of a school. */
  focus: Focus | null;
  /** Empty for a focus that its editors have not named otherwise. */
  title: string;
  /** The editor's word. */
  word: string;
  mayChange: boolean;
}

export const mostSelections = 200;
export const mostInSelection = 200;

interface Row {
  id: string;
  school_id: string | null;
  focus: Focus | null;
  title: string;
  word: string;
}

type Services = Pick<Dependencies, 'knex' | 'principal' | 'contributions' | 'directory' | 'licences'>;

/**
 * Activities that belong together, with a word of whoever chose them. Every teacher of a school changes its selections; editors of the portal
 * change the didactic foci, to which tools add activities of their own.
 */
export class Selections {
  readonly #services: Services;

  constructor({ knex, principal, contributions, directory, licences }: Services) {
    this.#services = { knex, principal, contributions, directory, licences };
  }

  /** The didactic foci, then those of the reader's schools by title. */
  async list(): Promise<{ selections: SelectionSummary[]; more: boolean }> {
    const rows: Row[] = await this.#services
      .knex('selections')
      .orderByRaw('focus nulls last, title, id')
      .limit(mostSelections + 1)
      .select('id', 'school_id', 'focus', 'title', 'word');
    return { selections: rows.slice(0, mostSelections).map((row) => this.#summary(row)), more: rows.length > mostSelections };
  }

  async get(id: string): Promise<SelectionSummary & { activities: ActivitySummary[]; more: boolean }> {
    const { knex, contributions } = this.#services;
    const row = await this.#row(id);
    const tools = contributions
      .of('tools')
      .flatMap(({ value }) =>
        value.activities
          .filter(({ foci }) => row.focus !== null && foci.includes(row.focus))
          .map(({ key }) => [sourceOf(value.key), key] as const),
      );
    const ids: string[] = await knex('activities as a')
      .leftJoin('selection_items as i', (join) => join.on('i.activity_id', 'a.id').andOn(knex.raw('i.selection_id = ?', [id])))
      .whereRaw(
        `(i.activity_id is not null or a.school_id is null and (a.source, a.source_id) in (select * from unnest(?::text[], ?::text[])))`,
        [tools.map(([source]) => source), tools.map(([, key]) => key)],
      )
      .orderByRaw('i.added_at desc nulls last, a.title, a.id')
      .limit(mostInSelection + 1)
      .pluck('a.id');
    const found = await activityRows(this.#services, ids.slice(0, mostInSelection));
    const usable = found.filter(({ available }) => available);
    return { ...this.#summary(row), activities: await summaries(this.#services, usable), more: ids.length > mostInSelection };
  }

  async create({ school, ...given }: { title: string; word: string; school?: string | undefined }): Promise<string> {
    const { knex } = this.#services;
    const school_id = await ownSchool(this.#services, school);
    const [{ count }] = await knex('selections').where({ school_id }).select(knex.raw('count(*)::int as count'));
    if (count >= mostSelections) throw full('A school may have 200 selections.');
    const [row] = await knex('selections')
      .insert({ school_id, ...given })
      .returning('id');
    return row.id as string;
  }

  async change(id: string, given: { title: string; word: string }): Promise<void> {
    const { knex } = this.#services;
    await this.#mine(id);
    await knex('selections')
      .where({ id })
      .update({ ...given, updated_at: knex.fn.now() });
  }

  /** A didactic focus stays. */
  async remove(id: string): Promise<void> {
    const { focus } = await this.#mine(id);
    if (focus !== null) throw forbidden('A didactic focus stays; its activities can be removed.');
    await this.#services.knex('selections').where({ id }).delete();
  }

  async put(id: string, activity: string, on: boolean): Promise<void> {
    const { knex } = this.#services;
    const { school_id } = await this.#mine(id);
    if (!on) {
      await knex('selection_items').where({ selection_id: id, activity_id: activity }).delete();
      return;
    }
    const [row] = await activityRows(this.#services, [activity]);
    // What one school owns is not shown to all.
    if (row === undefined || (school_id === null && row.school_id !== null)) throw notFound();
    const [{ count }] = await knex('selection_items').where({ selection_id: id }).select(knex.raw('count(*)::int as count'));
    if (count >= mostInSelection) throw full('A selection may have 200 activities.');
    await knex('selection_items')
      .insert({ selection_id: id, activity_id: row.id, school_id })
      .onConflict(['selection_id', 'activity_id'])
      .ignore();
  }

  async #row(id: string): Promise<Row> {
    const row = await this.#services
      .knex('selections')
      .where({ id })
      .first<Row | undefined>('id', 'school_id', 'focus', 'title', 'word');
    if (row === undefined) throw notFound();
    return row;
  }

  async #mine(id: string): Promise<Row> {
    const row = await this.#row(id);
    if (!this.#mayChange(row))
      throw forbidden('Only teachers of the school change its selections, and only editors the didactic foci.');
    return row;
  }

  #mayChange({ school_id }: Row): boolean {
    const { roles } = this.#services.principal;
    return school_id === null
      ? roles.some(({ tenant, role }) => tenant === null && role === 'portal-administrator')
      : roles.some(({ tenant, role }) => tenant === school_id && ['teacher', 'ict-coordinator'].includes(role));
  }

  #summary(row: Row): SelectionSummary {
    const { id, focus, title, word } = row;
    return { id, focus, title, word, mayChange: this.#mayChange(row) };
  }
}

const full = (detail: string): Problem =>
  new Problem({ type: 'library/full', status: 409, title: 'There is no room for more', detail });
