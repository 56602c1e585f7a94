import type { Principal } from '@ilearn/core';
import { raw } from 'objection';
import type { Dependencies } from '../dependencies.js';
import type { Coaching, CoachingEntry } from '../models.js';
import { refused } from '../problems.js';
import type { Coachings } from './coachings.js';

export interface NewEntry {
  day: string;
  minutes: number;
  kind: string;
  /** What both sides read. */
  note: string;
  /** What only the coach reads. */
  privateNote: string;
}

export const mostEntries = 500;

/** The hours of a coaching: each entry is confirmed by both sides; what is wrong is reversed by another entry. */
export class CoachingLog {
  readonly #principal: Principal;
  readonly #services: Pick<Dependencies, 'Coaching' | 'CoachingEntry' | 'knex'>;
  readonly #coachings: Coachings;

  constructor({ principal, Coaching, CoachingEntry, knex, coachings }: Dependencies & { coachings: Coachings }) {
    this.#principal = principal;
    this.#services = { Coaching, CoachingEntry, knex };
    this.#coachings = coachings;
  }

  /** Entries by day. A coach who stands in sees only what they wrote. */
  async of(coaching: Coaching): Promise<(CoachingEntry & { private_note: string | null })[]> {
    const { CoachingEntry, knex } = this.#services;
    const query = CoachingEntry.query()
      .where({ coaching_id: coaching.id })
      .orderBy(['day', 'created_at', 'id'])
      .limit(mostEntries);
    if (this.#isStandIn(coaching)) query.where({ by_id: this.#principal.id });
    const entries = await query;
    const notes: { entry_id: string; text: string }[] = await knex('coaching_notes')
      .where({ coaching_id: coaching.id, author_id: this.#principal.id })
      .select('entry_id', 'text')
      .limit(mostEntries);
    const byEntry = new Map(notes.map(({ entry_id, text }) => [entry_id, text]));
    return entries.map((entry) => Object.assign(entry, { private_note: byEntry.get(entry.id) ?? null }));
  }

  /**
   * Notes time that was spent. The one who notes it has confirmed it.
   *
   * @throws Problem 409 `academy/amendment-needed` if it is more than was agreed
   */
  async add(id: string, entry: NewEntry): Promise<CoachingEntry> {
    const coaching = await this.#active(id);
    const parts = this.#coachings.partsIn(coaching);
    const byCoach = parts.includes('coach');
    if (!byCoach && !parts.includes('requester')) throw refused('coaching-not-now');
    if ((await this.#total(id)) + entry.minutes > (coaching.agreed_minutes ?? 0)) throw refused('amendment-needed');
    const { knex } = this.#services;
    const added = await this.#insert(
      coaching,
      { day: entry.day, minutes: entry.minutes, kind: entry.kind, note: entry.note },
      byCoach,
    );
    if (byCoach && entry.privateNote !== '') {
      await knex('coaching_notes').insert({
        ...{ entry_id: added.id, coaching_id: id, provider_id: coaching.provider_id },
        ...{ author_id: this.#principal.id, text: entry.privateNote },
      });
    }
    return added;
  }

  /** Confirms an entry for the other side. */
  async confirm(id: string, entryId: string): Promise<CoachingEntry> {
    const coaching = await this.#active(id);
    const parts = this.#coachings.partsIn(coaching);
    const entry = await this.#services.CoachingEntry.query().findOne({ id: entryId, coaching_id: id });
    if (entry === undefined) throw refused('coaching-not-now');
    const now = raw('now()') as never;
    const mine: Partial<CoachingEntry> = {};
    if (entry.coach_at === null && parts.includes('coach')) mine.coach_at = now;
    if (entry.school_at === null && (parts.includes('requester') || parts.includes('principal'))) mine.school_at = now;
    if (Object.keys(mine).length === 0) throw refused('coaching-not-now');
    return this.#services.CoachingEntry.query().patchAndFetchById(entryId, { ...mine, updated_at: now });
  }

  /** Takes time back by an entry of as many minutes less, once. */
  async reverse(id: string, entryId: string, note: string): Promise<CoachingEntry> {
    const coaching = await this.#active(id);
    const parts = this.#coachings.partsIn(coaching);
    const { CoachingEntry } = this.#services;
    const entry = await CoachingEntry.query().findOne({ id: entryId, coaching_id: id });
    const before = await CoachingEntry.query().findOne({ reverses_id: entryId });
    if (entry === undefined || entry.reverses_id !== null || before !== undefined) throw refused('coaching-not-now');
    const { day, kind, minutes } = entry;
    return this.#insert(coaching, { day, kind, note, minutes: -minutes, reverses_id: entryId }, parts.includes('coach'));
  }

  /** Agrees on other hours: proposed by one side, in force when the other has signed. */
  async amend(id: string, minutes: number): Promise<Coaching> {
    const coaching = await this.#active(id);
    const side = this.#side(coaching);
    const patch = { amended_minutes: minutes, amended_by: side, updated_at: raw('now()') as never };
    return this.#services.Coaching.query().patchAndFetchById(id, patch);
  }

  async signAmendment(id: string): Promise<Coaching> {
    const coaching = await this.#active(id);
    const { amended_minutes, amended_by } = coaching;
    if (amended_minutes === null || amended_by === this.#side(coaching)) throw refused('coaching-not-now');
    if (amended_minutes < (await this.#total(id))) throw refused('amendment-needed');
    const patch = { agreed_minutes: amended_minutes, amended_minutes: null, amended_by: null, updated_at: raw('now()') as never };
    return this.#services.Coaching.query().patchAndFetchById(id, patch);
  }

  /** Minutes noted so far, less those that were taken back. */
  async #total(id: string): Promise<number> {
    const row = await this.#services.knex('coaching_entries').where({ coaching_id: id }).sum('minutes as minutes').first();
    return Number(row?.minutes ?? 0);
  }

  #side(coaching: Coaching): 'school' | 'provider' {
    const parts = this.#coachings.partsIn(coaching);
    return parts.includes('coach') || parts.includes('planner') ? 'provider' : 'school';
  }

  #isStandIn({ coach_id, stand_in_id }: Coaching): boolean {
    return stand_in_id === this.#principal.id && coach_id !== this.#principal.id;
  }

  async #active(id: string): Promise<Coaching> {
    const coaching = await this.#coachings.get(id, true);
    if (coaching.state !== 'active') throw refused('coaching-not-now');
    return coaching;
  }

  #insert(coaching: Coaching, columns: Partial<CoachingEntry>, byCoach: boolean): Promise<CoachingEntry> {
    const { id: coaching_id, school_id, provider_id } = coaching;
    const signed = byCoach ? { coach_at: raw('now()') as never } : { school_at: raw('now()') as never };
    const row = { ...columns, ...signed, coaching_id, school_id, provider_id, by_id: this.#principal.id };
    return this.#services.CoachingEntry.query().insertAndFetch(row) as unknown as Promise<CoachingEntry>;
  }
}
