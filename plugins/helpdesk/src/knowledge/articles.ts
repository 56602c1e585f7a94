import { conflict, notFound, type Principal } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import { folded, trigramsOf } from '../text/trigrams.js';
import { revisionVector } from './article-search.js';
import { type Audience, isWider } from './audiences.js';
import type { ArticleRow, RevisionRow } from './rows.js';
import { type ArticleAction, type ArticleState, afterAction } from './states.js';

export interface ArticleDetails {
  audience: Audience;
  topic: string;
  tools: string[];
  reviewBy: string | null;
}

export interface ArticleText {
  title: string;
  summary: string;
  body: string;
}

type Language = RevisionRow['language'];

const working: ArticleState[] = ['draft', 'review'];
export const mostRevisions = 60;

const mustConfirm = () =>
  conflict('helpdesk/confirm-audience', 'More people will read this. Send `confirmAudience: true` once the writer has agreed.');

/** Articles at the desk of their writers. A revision that was published is never changed: another one takes its place. */
export class Articles {
  readonly #knex: Knex;
  readonly #principal: Principal;

  constructor({ knex, principal }: Dependencies) {
    this.#knex = knex;
    this.#principal = principal;
  }

  /** By title of the newest revision. `after`: title and id of the last one of the page before. */
  async list(
    { q, state }: { q: string; state: ArticleState | null },
    limit: number,
    after: readonly unknown[] | null,
  ): Promise<
    (Pick<ArticleRow, 'id' | 'slug' | 'audience' | 'topic' | 'review_by'> & {
      title: string;
      states: { language: Language; state: ArticleState }[];
    })[]
  > {
    const rows = this.#knex
      .with(
        'listed',
        this.#knex('articles as a')
          .joinRaw(
            `cross join lateral (
               select (array_agg(title order by language = 'nl' desc, number desc))[1] as title,
                 array_agg(language || ':' || state order by language, number) filter (where state <> 'archived') as states,
                 array_agg(state) as all_states
               from article_revisions where article_id = a.id) r`,
          )
          .select('a.id', 'a.slug', 'a.audience', 'a.topic', 'a.review_by', 'r.title', 'r.states', 'r.all_states'),
      )
      .from('listed')
      .orderBy(['title', 'id'])
      .limit(limit);
    if (q !== '') rows.whereRaw('position(lower(?) in lower(title)) > 0', [q]);
    if (state !== null) rows.whereRaw('? = any(all_states)', [state]);
    if (after !== null) rows.whereRaw('(title, id) > (?, ?)', [...after] as string[]);
    const found: (ArticleRow & { title: string; states: string[] | null })[] = await rows;
    return found.map(({ states, ...row }) => ({
      ...row,
      states: (states ?? []).map((each) => {
        const [language, own] = each.split(':');
        return { language: language as Language, state: own as ArticleState };
      }),
    }));
  }

  /** An article with its revisions, the newest first. */
  async get(id: string): Promise<{ article: ArticleRow; revisions: RevisionRow[] }> {
    const article: ArticleRow | undefined = await this.#knex('articles').where({ id }).first();
    if (article === undefined) throw notFound();
    const revisions: RevisionRow[] = await this.#knex('article_revisions')
      .where({ article_id: id })
      .orderBy([{ column: 'created_at', order: 'desc' }, { column: 'id' }])
      .limit(mostRevisions)
      .select('*');
    return { article, revisions };
  }

  /** A new article with a first draft; nobody reads it yet. */
  async create(
    { audience, topic, tools, reviewBy }: ArticleDetails,
    language: Language,
    text: ArticleText,
    shipped: string | null = null,
  ) {
    const slug = await this.#freeSlug(shipped ?? text.title);
    const [article] = await this.#knex('articles')
      .insert({ slug, audience, topic, tools, review_by: reviewBy, shipped })
      .returning('id');
    await this.#insert(article.id, language, text);
    return { id: article.id as string, slug };
  }

  /** @throws 409 `confirm-audience` if more people would read what is published */
  async setDetails(id: string, { audience, topic, tools, reviewBy }: ArticleDetails, confirmed: boolean): Promise<void> {
    const article: ArticleRow | undefined = await this.#knex('articles').where({ id }).forUpdate().first();
    if (article === undefined) throw notFound();
    const published = await this.#knex('article_revisions').where({ article_id: id, state: 'published' }).first('id');
    if (published !== undefined && isWider(article.audience, audience) && !confirmed) throw mustConfirm();
    await this.#knex('articles')
      .where({ id })
      .update({ audience, topic, tools, review_by: reviewBy, updated_at: this.#knex.fn.now() });
  }

  /**
   * Stores the draft in this language, and makes one if there is none.
   *
   * @param version of the draft that was changed; null: there was none
   * @throws 409 `article-changed` if somebody else changed it meanwhile, or it is in review
   */
  async saveDraft(id: string, language: Language, text: ArticleText, version: number | null): Promise<{ version: number }> {
    await this.#lock(id);
    const draft = await this.#working(id, language);
    if ((draft?.version ?? null) !== version || draft?.state === 'review') {
      throw conflict('helpdesk/article-changed', 'Somebody else changed this text, or sent it for review. Load it again.');
    }
    if (draft === undefined) return this.#insert(id, language, text);
    const next = draft.version + 1;
    await this.#knex('article_revisions')
      .where({ id: draft.id })
      .update({ ...text, version: next, author_id: this.#principal.id, updated_at: this.#knex.fn.now() });
    return { version: next };
  }

  /**
   * Moves the revision in this language to another state. Publishing archives the one that was published before.
   *
   * @throws 409 if its state does not allow that, or `confirm-audience` if it would be the first that everyone may read
   */
  async act(id: string, language: Language, action: ArticleAction, confirmed: boolean): Promise<ArticleState> {
    const article = await this.#lock(id);
    const before = await this.#knex<RevisionRow>('article_revisions')
      .where({ article_id: id, language, state: 'published' })
      .first();
    const revision = action === 'archive' ? before : await this.#working(id, language);
    if (revision === undefined) throw notFound();
    const state = afterAction(revision.state, action);
    if (action === 'publish') {
      if (article.audience === 'public' && !confirmed) throw mustConfirm();
      if (before !== undefined) await this.#set(before.id, { state: 'archived', archived_at: this.#knex.fn.now() });
      await this.#set(revision.id, { state, published_at: this.#knex.fn.now(), reviewer_id: this.#principal.id });
      await this.#index(revision);
    } else {
      await this.#set(revision.id, { state, ...(action === 'archive' ? { archived_at: this.#knex.fn.now() } : {}) });
    }
    return state;
  }

  async #lock(id: string): Promise<ArticleRow> {
    const article: ArticleRow | undefined = await this.#knex('articles').where({ id }).forUpdate().first();
    if (article === undefined) throw notFound();
    return article;
  }

  #working(id: string, language: Language): Promise<RevisionRow | undefined> {
    return this.#knex<RevisionRow>('article_revisions').where({ article_id: id, language }).whereIn('state', working).first();
  }

  async #insert(id: string, language: Language, text: ArticleText): Promise<{ version: number }> {
    const number = this.#knex.raw(
      '(select coalesce(max(number), 0) + 1 from article_revisions where article_id = ? and language = ?)',
      [id, language],
    );
    const row = { article_id: id, language, number, state: 'draft', ...text, author_id: this.#principal.id };
    await this.#knex('article_revisions').insert(row);
    return { version: 1 };
  }

  async #set(id: string, columns: Record<string, unknown>): Promise<void> {
    await this.#knex('article_revisions')
      .where({ id })
      .update({ ...columns, updated_at: this.#knex.fn.now() });
  }

  /** Only what is published is found. */
  async #index({ id, title, summary }: RevisionRow): Promise<void> {
    await this.#knex('article_revisions')
      .where({ id })
      .update({ search: this.#knex.raw(revisionVector), trigrams: trigramsOf(`${title} ${summary}`) });
  }

  /** A part of an address that no article has: from a title, with a number if need be. */
  async #freeSlug(title: string): Promise<string> {
    const base =
      folded(title)
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-|-$/g, '')
        .slice(0, 60) || 'artikel';
    const taken = new Set(
      await this.#knex('articles')
        .whereRaw(`slug = ? or slug ~ ?`, [base, `^${base}-[0-9]+$`])
        .limit(10_000)
        .pluck('slug'),
    );
    if (!taken.has(base)) return base;
    let number = 2;
    while (taken.has(`${base}-${number}`)) number += 1;
    return `${base}-${number}`;
  }
}
