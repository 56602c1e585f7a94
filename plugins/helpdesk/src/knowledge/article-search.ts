import type { Principal } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import { folded, shareBindings, shareOf, trigramsOf, wordsOf } from '../text/trigrams.js';
import { partsQuery, vectorOf } from '../tickets/search-vector.js';
import { type Audience, audiencesOf } from './audiences.js';
import type { ArticleTopic } from './topics.js';

export interface FoundArticle {
  slug: string;
  topic: ArticleTopic;
  audience: Audience;
  language: string;
  title: string;
  summary: string;
}

/** SQL of a revision's search vector. */
export const revisionVector = `setweight(${`(${vectorOf('title')})`}, 'A') || setweight((${vectorOf('summary')}), 'B') || setweight((${vectorOf('body')}), 'D')`;

/** A word with a typing error has at least this share of the trigrams of the one that was meant. */
const alike = 0.45;
/** Rank (`ts_rank`) below which an article is not offered to somebody who is writing. */
const relevant = 0.08;
const mostWords = 30;

/** Finds published articles among those that the caller may read; browsing, searching and suggesting share the same condition. */
export class ArticleSearch {
  readonly #knex: Knex;
  readonly #principal: Principal;

  constructor({ knex, principal }: Dependencies) {
    this.#knex = knex;
    this.#principal = principal;
  }

  /** All that the caller may read, by title. */
  browse(language: string, limit: number): Promise<FoundArticle[]> {
    return this.#readable(language).orderBy('r.title').limit(limit);
  }

  /** By rank: stems of words, parts of words, without accents, and then words that are nearly the same. */
  search(text: string, language: string, limit: number): Promise<FoundArticle[]> {
    const words = partsQuery(text);
    if (words === null) return this.browse(language, limit);
    const near = shareBindings(trigramsOf(text));
    return this.#readable(language)
      .where((either) => {
        either.whereRaw(`r.search @@ (${words.sql})`, words.bindings);
        if (near[1] > 0) either.orWhereRaw(`${shareOf('r.trigrams')} >= ?`, [...near, alike]);
      })
      .orderByRaw(`ts_rank(r.search, (${words.sql})) desc, ${shareOf('r.trigrams')} desc, r.title`, [...words.bindings, ...near])
      .limit(limit);
  }

  /** The few that may answer what somebody is writing; those about the tool first. */
  suggest(text: string, tool: string | null, language: string, limit: number): Promise<FoundArticle[]> {
    const words = [...new Set(wordsOf(text))].filter((word) => word.length > 2).slice(0, mostWords);
    if (words.length === 0 && tool === null) return Promise.resolve([]);
    const any = words.length === 0 ? `''::tsquery` : words.map(() => `plainto_tsquery('dutch', ?)`).join(' || ');
    return this.#readable(language)
      .where((either) => {
        either.whereRaw(`ts_rank(r.search, (${any})) >= ?`, [...words, relevant]);
        if (tool !== null) either.orWhereRaw('a.tools @> array[?]', [tool]);
      })
      .orderByRaw(`${tool === null ? '' : 'a.tools @> array[?] desc, '}ts_rank(r.search, (${any})) desc, r.title`, [
        ...(tool === null ? [] : [tool]),
        ...words,
      ])
      .limit(limit);
  }

  /** Those that are about a page: by its title, and then those under its topic. */
  about(topic: ArticleTopic | null, title: string, language: string, limit: number): Promise<FoundArticle[]> {
    const words = [...new Set(wordsOf(title))].filter((word) => word.length > 2).slice(0, mostWords);
    const any = words.length === 0 ? `''::tsquery` : words.map(() => `plainto_tsquery('dutch', ?)`).join(' || ');
    return this.#readable(language)
      .where((either) => {
        either.whereRaw(`ts_rank(r.search, (${any})) >= ?`, [...words, relevant]);
        if (topic !== null) either.orWhere('a.topic', topic);
      })
      .orderByRaw(`ts_rank(r.search, (${any})) desc, r.title`, words)
      .limit(limit);
  }

  /** Counts words that nobody finds an answer to. Words of pupils, addresses and numbers are left out, since they may tell who searches. */
  async noteUnanswered(text: string, language: string): Promise<void> {
    const words = folded(text).replace(/\s+/g, ' ').trim();
    const isPupil = this.#principal.kind === 'person' && this.#principal.roles.every(({ role }) => role === 'pupil');
    if (isPupil || words.length < 3 || words.length > 60 || /@|\d{3}/.test(words)) return;
    await this.#knex.raw(
      `insert into unanswered_searches (words, language) select ?, ? where (select count(*) from unanswered_searches) < 2000
       on conflict (words, language) do update set times = unanswered_searches.times + 1, last_at = now()`,
      [words, language],
    );
  }

  /** Published revisions that the caller may read: one an article, in the reader's language if there is one. */
  #readable(language: string) {
    return this.#knex('articles as a')
      .joinRaw(
        `cross join lateral (
           select * from article_revisions p where p.article_id = a.id and p.state = 'published'
           order by p.language = ? desc, p.language = 'nl' desc, p.language limit 1) r`,
        [language],
      )
      .whereRaw('a.audience = any(?::text[])', [audiencesOf(this.#principal)])
      .select('a.slug', 'a.topic', 'a.audience', 'r.language', 'r.title', 'r.summary');
  }
}
