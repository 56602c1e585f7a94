import { notFound } from '@ilearn/core';
import { activityRows, summaries } from '../activities/rows.js';
import type { Dependencies } from '../dependencies.js';
import type { ActivitySummary } from '../exports.js';
import { ownSchool } from './own-school.js';

/** What a teacher says of an activity, in one word. */
export const ratingWords = ['recommended', 'usable', 'too-easy', 'too-hard', 'unsuitable'] as const;
export type RatingWord = (typeof ratingWords)[number];

export interface Rating {
  word: RatingWord;
  note: string;
}

export interface Opinions {
  favourite: boolean;
  /** Colleagues of the reader's schools who have it among their favourites, the reader included. */
  favourites: number;
  rating: Rating | null;
  counts: { word: RatingWord; count: number }[];
  /** The newest notes of colleagues, without who wrote them. */
  notes: (Rating & { at: Date })[];
  /** Whether there are older notes. */
  more: boolean;
}

export const mostNotes = 20;
export const mostFavourites = 200;

type Services = Pick<Dependencies, 'knex' | 'principal' | 'contributions' | 'directory' | 'licences'>;

/** Favourites and ratings. Row-level security shows those of the reader's schools only. */
export class ColleagueOpinions {
  readonly #services: Services;

  constructor({ knex, principal, contributions, directory, licences }: Services) {
    this.#services = { knex, principal, contributions, directory, licences };
  }

  async of(activity: string): Promise<Opinions> {
    const { knex, principal } = this.#services;
    await this.#known(activity);
    const mine = { activity_id: activity, person_id: principal.id };
    const favourite = await knex('favourites').where(mine).first('person_id');
    const [{ count }] = await knex('favourites').where({ activity_id: activity }).select(knex.raw('count(*)::int as count'));
    const rating = await knex('ratings').where(mine).first<Rating | undefined>('word', 'note');
    const counts = await knex('ratings')
      .where({ activity_id: activity })
      .groupBy('word')
      .select<Opinions['counts']>('word', knex.raw('count(*)::int as count'));
    const notes = await knex('ratings')
      .where({ activity_id: activity })
      .whereNot('note', '')
      .whereNot('person_id', principal.id)
      .orderBy([{ column: 'updated_at', order: 'desc' }, 'person_id'])
      .limit(mostNotes + 1)
      .select<Opinions['notes']>('word', 'note', 'updated_at as at');
    counts.sort((a, b) => ratingWords.indexOf(a.word) - ratingWords.indexOf(b.word));
    return {
      ...{ favourite: favourite !== undefined, favourites: count, rating: rating ?? null, counts },
      ...{ notes: notes.slice(0, mostNotes), more: notes.length > mostNotes },
    };
  }

  async favourites(): Promise<{ activities: ActivitySummary[]; more: boolean }> {
    const { knex, principal } = this.#services;
    const ids: string[] = await knex('favourites')
      .where({ person_id: principal.id })
      .orderBy([{ column: 'updated_at', order: 'desc' }, 'activity_id'])
      .limit(mostFavourites + 1)
      .pluck('activity_id');
    const rows = await activityRows(this.#services, ids.slice(0, mostFavourites));
    return { activities: await summaries(this.#services, rows), more: ids.length > mostFavourites };
  }

  async setFavourite(activity: string, on: boolean): Promise<void> {
    const { knex, principal } = this.#services;
    await this.#known(activity);
    if (!on) {
      await knex('favourites').where({ activity_id: activity, person_id: principal.id }).delete();
      return;
    }
    const row = { activity_id: activity, person_id: principal.id, school_id: await ownSchool(this.#services) };
    await knex('favourites').insert(row).onConflict(['activity_id', 'person_id']).ignore();
  }

  /** Null withdraws the rating with its note. */
  async rate(activity: string, rating: Rating | null): Promise<void> {
    const { knex, principal } = this.#services;
    await this.#known(activity);
    if (rating === null) {
      await knex('ratings').where({ activity_id: activity, person_id: principal.id }).delete();
      return;
    }
    const row = { activity_id: activity, person_id: principal.id, school_id: await ownSchool(this.#services), ...rating };
    await knex('ratings')
      .insert({ ...row, updated_at: knex.fn.now() })
      .onConflict(['activity_id', 'person_id'])
      .merge(['school_id', 'word', 'note', 'updated_at']);
  }

  async #known(activity: string): Promise<void> {
    if ((await activityRows(this.#services, [activity])).length === 0) throw notFound();
  }
}
