import { conflict, notFound, type Position, type Problem } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import { pageSize } from '../releases/page.js';
import type { NewStudy, Study } from './study.js';

/** Studies as a data steward describes, approves and ends them. */
export class Studies {
  readonly #needs: Dependencies;

  constructor(needs: Dependencies) {
    this.#needs = needs;
  }

  /** @throws Problem 409 unless the partner is active */
  async add({ partner, startsOn, endsOn, ...rest }: NewStudy): Promise<string> {
    await this.#checkPartner(partner);
    const [row] = await this.#needs
      .knex('studies')
      .insert({ ...rest, partner_id: partner, starts_on: startsOn, ends_on: endsOn })
      .returning('id');
    return row.id;
  }

  /** Drops a draft. @throws Problem 404, or 409 if it was approved */
  async drop(id: string): Promise<void> {
    if ((await this.#needs.knex('studies').where({ id, state: 'draft' }).delete()) === 0) throw await this.#notIn(id);
  }

  /**
   * @throws Problem 404; 409 unless it is a draft of an active partner that is not over, or if the partner has a study of the same days with names where this
   * one has pseudonyms, or the other way around
   */
  async approve(id: string): Promise<void> {
    const { knex, calendar, locks } = this.#needs;
    const { partner, names, startsOn, endsOn } = await this.get(id);
    await locks.take(`studies of partner ${partner}`);
    await this.#checkPartner(partner);
    if (endsOn < (await calendar.today())) throw conflict('data-space/study-over', 'The last day of the study is over.');
    // The rows of the same weeks would tell whose pseudonym is whose.
    const other = await knex('studies')
      .where({ partner_id: partner, names: !names })
      .whereNot({ state: 'draft' })
      .whereRaw(`starts_on <= date_trunc('week', ?::date)::date + 6 and ends_on >= date_trunc('week', ?::date)::date`, [
        endsOn,
        startsOn,
      ])
      .first('id');
    if (other !== undefined)
      throw conflict(
        'data-space/names-join',
        'This organisation has a study of the same days, in which pupils are named otherwise.',
      );
    const moved = await knex('studies').where({ id, state: 'draft' }).update({ state: 'approved', approved_at: knex.fn.now() });
    if (moved === 0) throw await this.#notIn(id);
  }

  /** Ends a study for good: nothing is delivered any more, and what was kept for it is deleted. @throws Problem 404, or 409 unless it was approved */
  async end(id: string): Promise<void> {
    const { knex } = this.#needs;
    const moved = await knex('studies').where({ id, state: 'approved' }).update({ state: 'ended', ended_at: knex.fn.now() });
    if (moved === 0) throw await this.#notIn(id);
    await knex('study_acts').where({ study_id: id }).delete();
    await knex('study_participants').where({ study_id: id }).delete();
  }

  /** Asks schools whether their pupils may be asked; those that were asked before stay as they are. @throws Problem 404, or 409 unless it is approved */
  async askSchools(id: string, schools: readonly string[]): Promise<void> {
    await this.running(id);
    const rows = schools.map((school) => ({ study_id: id, school_id: school }));
    if (rows.length > 0) await this.#needs.knex('study_schools').insert(rows).onConflict().ignore();
  }

  /** @throws Problem 404 */
  async get(id: string): Promise<Study> {
    const [found] = await this.#studies().where({ 's.id': id });
    if (found === undefined) throw notFound();
    return found;
  }

  /** In no order. */
  getMany(ids: readonly string[]): Promise<Study[]> {
    return this.#studies().whereIn('s.id', [...ids]) as unknown as Promise<Study[]>;
  }

  /** An approved study, which nobody ends until this unit of work does. @throws Problem 404, or 409 if it is in another state */
  async running(id: string): Promise<Study> {
    const locked = await this.#needs.knex('studies').where({ id, state: 'approved' }).forShare().first('id');
    if (locked === undefined) throw await this.#notIn(id);
    return this.get(id);
  }

  /** All studies, the latest first; one more than a page if there are more. */
  list(after: Position | null): Promise<(Study & { schools: number; agreed: number })[]> {
    const { knex } = this.#needs;
    const count = (where: string) => knex.raw(`(select count(*)::int from study_schools c where c.study_id = s.id${where})`);
    const found = this.#studies()
      .select({ schools: count(''), agreed: count(` and c.state = 'agreed'`) })
      .orderByRaw('s.created_at desc, s.id desc')
      .limit(pageSize + 1);
    if (after !== null)
      found.whereRaw('(s.created_at, s.id) < (select created_at, id from studies where id = ?)', [after[0] as string]);
    return found as unknown as Promise<(Study & { schools: number; agreed: number })[]>;
  }

  #studies() {
    return this.#needs
      .knex('studies as s')
      .join('partners as p', 'p.id', 's.partner_id')
      .select({ partner: 's.partner_id', startsOn: 's.starts_on', endsOn: 's.ends_on' })
      .select('s.id', 's.title', 's.researcher', 's.contact', 's.why', 's.ethics', 's.measures', 's.names', 's.state')
      .select('p.organisation');
  }

  async #checkPartner(id: string): Promise<void> {
    const found = await this.#needs.knex('partners').where({ id, active: true }).first('id');
    if (found === undefined) throw conflict('data-space/no-partner', 'There is no such partner, or it was stopped.');
  }

  async #notIn(id: string): Promise<Problem> {
    const { state } = await this.get(id);
    return conflict('data-space/other-state', `This is not possible for a study whose state is "${state}".`);
  }
}
