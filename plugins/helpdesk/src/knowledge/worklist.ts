import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';

/** An article is low-rated with at least so many votes in a year, of which less than this share says that it helped. */
export const fewestVotes = 5;
export const helpedShare = 0.6;
/** Words are shown once they were searched so often: what somebody typed once may be about one person. */
export const fewestSearches = 2;
export const mostOfEach = 50;

export interface WorkItem {
  id: string;
  slug: string;
  title: string;
}

const titleOf = `(select title from article_revisions r where r.article_id = a.id and r.state = 'published'
  order by r.language = 'nl' desc, r.language limit 1)`;

/** What writers have to look at: one statement for each list. */
export class Worklist {
  readonly #knex: Knex;
  readonly #calendar: Dependencies['calendar'];

  constructor({ knex, calendar }: Dependencies) {
    this.#knex = knex;
    this.#calendar = calendar;
  }

  /** Published articles whose day of review has come, the oldest first. */
  async stale(): Promise<(WorkItem & { review_by: string })[]> {
    return this.#published()
      .where('a.review_by', '<=', await this.#calendar.today())
      .orderBy(['a.review_by', 'a.id'])
      .limit(mostOfEach)
      .select('a.review_by');
  }

  async lowRated(): Promise<(WorkItem & { helped: number; notHelped: number })[]> {
    return this.#published()
      .joinRaw(
        `cross join lateral (
           select coalesce(sum(helped), 0)::int as helped, coalesce(sum(not_helped), 0)::int as "notHelped"
           from article_votes where article_id = a.id and month > now() - interval '1 year') v`,
      )
      .whereRaw('v.helped + v."notHelped" >= ? and v.helped < ?::float * (v.helped + v."notHelped")', [fewestVotes, helpedShare])
      .orderByRaw('v.helped::float / (v.helped + v."notHelped"), a.id')
      .limit(mostOfEach)
      .select('v.helped', 'v.notHelped');
  }

  /** Revisions that wait for somebody to read and publish them. */
  async inReview(): Promise<(WorkItem & { language: string })[]> {
    return this.#knex('article_revisions as r')
      .join('articles as a', 'a.id', 'r.article_id')
      .where({ 'r.state': 'review' })
      .orderBy(['r.updated_at', 'r.id'])
      .limit(mostOfEach)
      .select('a.id', 'a.slug', 'r.title', 'r.language');
  }

  unanswered(): Promise<{ words: string; language: string; times: number }[]> {
    return this.#knex('unanswered_searches')
      .where('times', '>=', fewestSearches)
      .orderBy([{ column: 'times', order: 'desc' }, { column: 'words' }])
      .limit(mostOfEach)
      .select('words', 'language', 'times');
  }

  #published() {
    return this.#knex('articles as a')
      .whereExists(
        this.#knex('article_revisions as p')
          .whereRaw('p.article_id = a.id')
          .where({ 'p.state': 'published' })
          .select(this.#knex.raw('1')),
      )
      .select('a.id', 'a.slug', this.#knex.raw(`${titleOf} as title`));
  }
}
