import { createHash } from 'node:crypto';
import { conflict, notFound, type Position, Problem } from '@ilearn/core';
import { schoolYearOf } from '@ilearn/plugin-cube';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import type { Microdata } from '../microdata/microdata.js';
import type { Answers } from '../research/answers.js';
import { type Question, questionKey, snapshotKey } from '../research/question.js';
import { microdataCsv, openCsv, researchCsv } from './csv.js';
import type { Definition, Tier } from './definition.js';
import type { OpenFigures } from './open-figures.js';
import { riskOfFigures } from './open-risk.js';
import { pageSize } from './page.js';

interface Needs extends Dependencies {
  answers: Answers;
  microdata: Microdata;
  openFigures: OpenFigures;
}

export type State = 'draft' | 'approved' | 'preparing' | 'published';

export interface Release {
  id: string;
  dataSet: string;
  tier: Tier;
  title: string;
  description: string;
  version: number;
  definition: Definition;
  state: State;
  rows: number | null;
  sha256: string | null;
  publishedAt: Date | null;
  withdrawnAt: Date | null;
}

const byKey = (one: Question, other: Question): number => (orderOf(one) < orderOf(other) ? -1 : 1);
/** By school year first, because its budget is locked together with the question. */
const orderOf = (asked: Question): string => `${schoolYearOf(asked.startsOn)} ${snapshotKey(asked)} ${questionKey(asked)}`;

/** Data sets and their versions. A version is a draft, is approved as it is, is published once, and may be withdrawn. */
export class Releases {
  readonly #needs: Needs;

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  async addDataSet(dataSet: { tier: Tier; title: string; description: string }): Promise<string> {
    const [row] = await this.#needs.knex('data_sets').insert(dataSet).returning('id');
    return row.id;
  }

  /** The next version of a data set. @throws Problem 404, 422 if the definition is of another tier, 409 if a question cannot be answered */
  async draft(dataSet: string, defined: Definition): Promise<string> {
    const { knex, locks, calendar } = this.#needs;
    const found = await knex('data_sets').where({ id: dataSet }).first('tier');
    if (found === undefined) throw notFound();
    if (found.tier !== defined.tier) throw otherTier(found.tier);
    if (defined.tier === 'open' && defined.to >= (await calendar.today())) throw notOver(defined.to);
    if (defined.tier === 'research') await this.#checkNew(defined.questions);
    if (defined.tier === 'microdata' && !(await this.#needs.microdata.isReady(defined))) throw notReady();
    await locks.take(`draft ${dataSet}`);
    const { last } = (await knex('releases').where({ data_set_id: dataSet }).max('version as last').first()) ?? {};
    const [row] = await knex('releases')
      .insert({ data_set_id: dataSet, version: (last ?? 0) + 1, definition: JSON.stringify(defined) })
      .returning('id');
    return row.id;
  }

  /** Drops a draft. @throws Problem 404, or 409 if it is prepared or published */
  async drop(id: string): Promise<void> {
    const dropped = await this.#needs.knex('releases').where({ id }).whereIn('state', ['draft', 'approved']).delete();
    if (dropped === 0) throw await this.#notIn(id);
  }

  /** @throws Problem 404, or 409 unless it is a draft */
  async approve(id: string): Promise<void> {
    await this.#move(id, 'draft', { state: 'approved' });
  }

  /**
   * Publishes open data at once. Answers with noise are paid here, all or none, and drawn by a job after that has committed.
   *
   * For a version whose answers are being drawn, it has them drawn again if that failed; what was paid stays paid.
   *
   * @throws Problem 404; 409 unless it is approved, if nothing is published for it or a figure may be about one person, or if the budget is spent
   */
  async publish(id: string): Promise<void> {
    if ((await this.get(id)).state === 'preparing') {
      await this.#draw(id);
      return;
    }
    await this.#move(id, 'approved', { state: 'preparing' });
    const { definition: defined } = await this.get(id);
    if (defined.tier === 'open') {
      const figures = await this.#needs.openFigures.of(defined);
      if (figures.length === 0)
        throw conflict('data-space/nothing-to-publish', 'Nothing was published for these measures and days.');
      if (riskOfFigures(figures).singledOut > 0)
        throw conflict('data-space/singled-out', 'A figure may be about one person. Nothing was published.');
      await this.#finish(id, openCsv(defined, figures), figures.length);
      return;
    }
    if (defined.tier === 'microdata') {
      await this.#needs.microdata.reserve(id, defined);
      await this.#draw(id);
      return;
    }
    // Always in the same order of budgets and questions, so that of two releases that share some, one waits for the other.
    for (const asked of [...defined.questions].sort(byKey)) await this.#needs.answers.pay(asked);
    await this.#draw(id);
  }

  /**
   * Collects rows, or draws the next answer that was paid, and publishes the release if all are drawn; does nothing if that was done. Each answer has a unit of
   * work of its own: what was drawn stays drawn when a later one fails.
   */
  async answer(id: string): Promise<void> {
    const locked = await this.#needs.knex('releases').where({ id, state: 'preparing' }).forUpdate().first('id');
    if (locked === undefined) return;
    const { definition: defined } = await this.get(id);
    if (defined.tier === 'open') return;
    if (defined.tier === 'microdata') {
      const rows = await this.#needs.microdata.rows(defined);
      await this.#finish(id, microdataCsv(defined, rows), rows.length);
      return;
    }
    for (const asked of defined.questions) {
      if (await this.#needs.answers.isDrawn(asked)) continue;
      await this.#needs.answers.of(asked);
      await this.#draw(id);
      return;
    }
    const answers = [];
    for (const asked of defined.questions) answers.push({ asked, groups: await this.#needs.answers.of(asked) });
    const rows = answers.reduce((sum, { groups }) => sum + groups.length, 0);
    await this.#finish(id, researchCsv(answers), rows);
  }

  /**
   * Withdraws a published version for good: it stays stored as it is, and nobody is given it any more.
   *
   * @throws Problem 404; 409 unless it is published, or if it is withdrawn already
   */
  async withdraw(id: string, reason: string): Promise<void> {
    const { knex } = this.#needs;
    if (!(await this.isPublished(id))) throw await this.#notIn(id);
    const added = await knex('withdrawals').insert({ release_id: id, reason }).onConflict('release_id').ignore().returning('at');
    if (added.length === 0) throw await this.#notIn(id);
  }

  /** @throws Problem 404 */
  async get(id: string): Promise<Release> {
    const [found] = await this.#releases().where({ 'r.id': id });
    if (found === undefined) throw notFound();
    return found;
  }

  /** All versions, the latest first; one more than a page if there are more. */
  list(after: Position | null): Promise<Release[]> {
    return this.#latest(this.#releases(), 'created_at', after);
  }

  /** Published versions of a tier, the latest first; one more than a page if there are more. */
  published(tiers: readonly Tier[], after: Position | null): Promise<Release[]> {
    const found = this.#releases().where({ 'r.state': 'published', 'w.at': null }).whereIn('d.tier', tiers);
    return this.#latest(found, 'published_at', after);
  }

  async isPublished(id: string): Promise<boolean> {
    const [found] = await this.#releases().where({ 'r.id': id, 'r.state': 'published', 'w.at': null });
    return found !== undefined;
  }

  /** A published version. @throws Problem 404, also if it is of another tier */
  async onePublished(id: string | null, tiers: readonly Tier[]): Promise<Release> {
    const [found] = await this.#releases().where({ 'r.id': id, 'r.state': 'published', 'w.at': null }).whereIn('d.tier', tiers);
    if (found === undefined) throw notFound();
    return found;
  }

  /** The table of a published version. @throws Problem 404, also if it is of another tier */
  async content(id: string, tiers: readonly Tier[]): Promise<{ csv: string; title: string; version: number; sha256: string }> {
    const found = await this.#needs
      .knex('releases as r')
      .join('data_sets as d', 'd.id', 'r.data_set_id')
      .leftJoin('withdrawals as w', 'w.release_id', 'r.id')
      .where({ 'r.id': id, 'r.state': 'published', 'w.at': null })
      .whereIn('d.tier', tiers)
      .first({ csv: 'r.content', title: 'd.title' }, 'r.version', 'r.sha256');
    if (found === undefined) throw notFound();
    return found;
  }

  /** @param after the id of the last version of the page before */
  #latest(
    found: Knex.QueryBuilder<object, Release[]>,
    by: 'created_at' | 'published_at',
    after: Position | null,
  ): Promise<Release[]> {
    if (after !== null) found.whereRaw(`(r.${by}, r.id) < (select ${by}, id from releases where id = ?)`, [after[0] as string]);
    return found
      .orderBy([
        { column: `r.${by}`, order: 'desc' },
        { column: 'r.id', order: 'desc' },
      ])
      .limit(pageSize + 1);
  }

  #releases(): Knex.QueryBuilder<object, Release[]> {
    return this.#needs
      .knex('releases as r')
      .join('data_sets as d', 'd.id', 'r.data_set_id')
      .leftJoin('withdrawals as w', 'w.release_id', 'r.id')
      .select({ dataSet: 'd.id', rows: 'r.row_count', publishedAt: 'r.published_at', withdrawnAt: 'w.at' })
      .select(
        'r.id',
        'd.tier',
        'd.title',
        'd.description',
        'r.version',
        'r.definition',
        'r.state',
        'r.sha256',
      ) as Knex.QueryBuilder<object, Release[]>;
  }

  /** Of two at once, one finds the state that it asks for. */
  async #move(id: string, from: State, to: { state: State }): Promise<void> {
    if ((await this.#needs.knex('releases').where({ id, state: from }).update(to)) === 0) throw await this.#notIn(id);
  }

  /** Of questions that were answered before, no data are needed. */
  async #checkNew(questions: readonly Question[]): Promise<void> {
    for (const each of questions) if (!(await this.#needs.answers.isPaid(each))) await this.#needs.answers.check(each);
  }

  async #draw(id: string): Promise<void> {
    await this.#needs.jobs.enqueue('answer', { release: id }, { uniqueKey: id });
  }

  async #finish(id: string, content: string, rows: number): Promise<void> {
    const sha256 = createHash('sha256').update(content).digest('hex');
    const { knex } = this.#needs;
    await knex('releases')
      .where({ id })
      .update({ state: 'published', content, row_count: rows, sha256, published_at: knex.fn.now() });
  }

  async #notIn(id: string): Promise<Problem> {
    const { state, withdrawnAt } = await this.get(id);
    const told = withdrawnAt === null ? state : 'withdrawn';
    return conflict('data-space/other-state', `This is not possible for a release whose state is "${told}".`);
  }
}

const notOver = (to: string): Problem =>
  conflict(
    'data-space/period-not-ready',
    `The period that ends on ${to} is not over: other figures would come out than were approved.`,
  );

const otherTier = (tier: string): Problem =>
  new Problem({
    type: 'data-space/other-tier',
    status: 422,
    title: 'The definition does not fit the data set',
    detail: `This data set is of the tier "${tier}".`,
  });

const notReady = (): Problem =>
  conflict('data-space/period-not-ready', 'This period is not over, or too long ago. Data are kept for 15 months.');
