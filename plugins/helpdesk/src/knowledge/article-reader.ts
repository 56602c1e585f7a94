import { notFound, type Principal } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import { audiencesOf } from './audiences.js';
import type { ArticleRow, RevisionRow } from './rows.js';

export type ReadArticle = Pick<ArticleRow, 'id' | 'slug' | 'audience' | 'topic'> &
  Pick<RevisionRow, 'language' | 'title' | 'summary' | 'body' | 'published_at'> & { languages: string[] };

/** One article, as its readers have it. What the caller may not read is not there: 404, as for an address that never was. */
export class ArticleReader {
  readonly #knex: Knex;
  readonly #principal: Principal;

  constructor({ knex, principal }: Dependencies) {
    this.#knex = knex;
    this.#principal = principal;
  }

  async get(slug: string, language: string): Promise<ReadArticle> {
    const row: ReadArticle | undefined = await this.#knex('articles as a')
      .join('article_revisions as r', 'r.article_id', 'a.id')
      .where({ 'a.slug': slug, 'r.state': 'published' })
      .whereRaw('a.audience = any(?::text[])', [audiencesOf(this.#principal)])
      .orderByRaw(`r.language = ? desc, r.language = 'nl' desc, r.language`, [language])
      .first('a.id', 'a.slug', 'a.audience', 'a.topic', 'r.language', 'r.title', 'r.summary', 'r.body', 'r.published_at')
      .select(
        this.#knex.raw(
          `array(select language from article_revisions o where o.article_id = a.id and o.state = 'published' order by language) as languages`,
        ),
      );
    if (row === undefined) throw notFound();
    return row;
  }

  /** Counts whether an article helped; by month, not by whom. */
  async vote(slug: string, language: string, helped: boolean): Promise<void> {
    const { id, language: read } = await this.get(slug, language);
    const column = helped ? 'helped' : 'not_helped';
    await this.#knex.raw(
      `insert into article_votes as v (article_id, language, month, ??) values (?, ?, date_trunc('month', now())::date, 1)
       on conflict (article_id, language, month) do update set ?? = v.?? + 1`,
      [column, id, read, column, column],
    );
  }

  /** @throws 404 unless a published text that the caller may read shows the picture, or the caller writes articles */
  async mayShow(picture: string, writes: boolean): Promise<void> {
    const query = this.#knex('article_pictures as p')
      .join('articles as a', 'a.id', 'p.article_id')
      .where({ 'p.picture_id': picture });
    if (!writes) {
      query.whereRaw('a.audience = any(?::text[])', [audiencesOf(this.#principal)]).whereExists(
        this.#knex('article_revisions as r')
          .whereRaw('r.article_id = a.id')
          .where({ 'r.state': 'published' })
          .whereRaw('position(? in r.body) > 0', [`/api/helpdesk/pictures/${picture}`])
          .select(this.#knex.raw('1')),
      );
    }
    if ((await query.first('p.picture_id')) === undefined) throw notFound();
  }
}
