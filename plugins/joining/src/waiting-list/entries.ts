import { conflict, type Language } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import { hashOf, newToken } from '../hashes.js';
import type { FollowLinks } from './links.js';
import { type EntryRow, type EntrySchool, entryColumns, mostSchools } from './rows.js';
import { type EntryAction, type EntryPart, type EntryState, keptDays, leftStates, transitionOf } from './states.js';

const DAY_MS = 86_400_000;
/** Days after which a letter about a decision is not sent any more. */
const LETTER_DAYS = 14;

type Change = Partial<Pick<EntryRow, 'offer_until' | 'reason' | 'merged_into' | 'group_id' | 'new_group' | 'person_id'>> & {
  confirm_hash?: null;
};

/** Reads entries, and takes them from one state to the next. Every change of a state goes through `transition`. */
export class Entries {
  readonly #knex: Dependencies['knex'];
  readonly #clock: Dependencies['clock'];
  readonly #calendar: Dependencies['calendar'];
  readonly #letters: Dependencies['notifications']['letters'];
  readonly #followLinks: FollowLinks;

  constructor({ knex, clock, calendar, notifications, followLinks }: Dependencies & { followLinks: FollowLinks }) {
    this.#knex = knex;
    this.#clock = clock;
    this.#calendar = calendar;
    this.#letters = notifications.letters;
    this.#followLinks = followLinks;
  }

  /** Locked until the end of the unit of work, so that of two acts at the same time the second sees what the first did. */
  async locked(id: string): Promise<EntryRow | undefined> {
    return this.#knex('entries').where({ id }).forUpdate().first(entryColumns);
  }

  async find(id: string): Promise<EntryRow | undefined> {
    return this.#knex('entries').where({ id }).first(entryColumns);
  }

  async schoolsOf(entryId: string): Promise<EntrySchool[]> {
    return this.#knex('entry_schools')
      .where({ entry_id: entryId })
      .orderBy(['name', 'number'])
      .limit(mostSchools)
      .select('number', 'name');
  }

  /** The name under which an entry is shown: of the school group, or of its only school. */
  async nameOf(entry: EntryRow): Promise<string> {
    return entry.group_name ?? (await this.schoolsOf(entry.id))[0]?.name ?? '';
  }

  /** Place in the list, from 1; null unless it waits. Derived, so that nothing is renumbered when others come and go. */
  async positionOf({ state, priority, number }: EntryRow): Promise<number | null> {
    if (state !== 'waiting') return null;
    const before = await this.#knex('entries')
      .where({ state: 'waiting' })
      .whereRaw('(-priority, number) < (?::int, ?::bigint)', [-priority, number])
      .count<{ count: string }[]>('* as count');
    return Number(before[0]?.count ?? 0) + 1;
  }

  /**
   * Takes an entry to its next state, and writes the letter that belongs to it. Only the letter about an offer has the link with which it is
   * accepted; whatever follows ends that link.
   *
   * @throws Problem 409 `joining/state` if the action does not lead from its state, or is not for this part
   */
  async transition(entry: EntryRow, action: EntryAction, by: EntryPart, change: Change = {}): Promise<EntryRow> {
    const transition = transitionOf(action, entry.state);
    if (transition === undefined || transition.by !== by) throw wrongState(entry.state);
    const now = this.#clock.now();
    const secret = transition.to === 'offered' ? newToken() : null;
    const next = {
      ...{ offer_until: null, accept_hash: secret === null ? null : hashOf(secret), ...change },
      ...{ state: transition.to, changed_at: now, kept_until: keptUntil(transition.to, now) },
    };
    const [row] = await this.#knex('entries').where({ id: entry.id, state: entry.state }).update(next).returning(entryColumns);
    if (row === undefined) throw wrongState(entry.state);
    if (transition.letter !== null && transition.letter !== 'confirm') await this.write(row, transition.letter, secret);
    if (leftStates.includes(row.state)) await this.revive(row.id);
    return row;
  }

  /** Entries that were dropped for this one wait again: nobody has a place for their schools any more. */
  async revive(id: string): Promise<void> {
    const merged: EntryRow[] = await this.#knex('entries')
      .where({ merged_into: id, state: 'merged' })
      .orderBy('id')
      .forUpdate()
      .select(entryColumns);
    for (const row of merged) await this.transition(row, 'revive', 'portal', { merged_into: null });
  }

  /**
   * Deletes an entry with its schools, whatever its contact asked. Those that were merged into it follow what it was merged into; they wait
   * again if nobody has a place for their schools.
   */
  async erase(entry: EntryRow): Promise<void> {
    if (entry.state === 'offered' || entry.state === 'joining') throw wrongState(entry.state);
    if (entry.state === 'merged' && entry.merged_into !== null)
      await this.#knex('entries').where({ merged_into: entry.id }).update({ merged_into: entry.merged_into });
    else if (entry.state !== 'joined') await this.revive(entry.id);
    await this.#knex('entries').where({ id: entry.id }).delete();
  }

  /** Takes over what a contact says of themselves in a later request. */
  async correct(id: string, { given_name, family_name, function: task, language, remark }: EntryRow): Promise<void> {
    await this.#knex('entries').where({ id }).update({ given_name, family_name, function: task, language, remark });
  }

  /** Notes whose account was made for the entry. */
  async setPerson(id: string, personId: string): Promise<void> {
    await this.#knex('entries').where({ id }).update({ person_id: personId });
  }

  /** The offered entry behind the link in its letter, locked; undefined once it was used, or the offer was taken back. */
  async offered(token: string): Promise<EntryRow | undefined> {
    return this.#knex('entries')
      .where({ accept_hash: hashOf(token) })
      .forUpdate()
      .first(entryColumns);
  }

  /** Sends the contact a letter with the link with which they follow the entry, or with this secret accept its offer. */
  async write(entry: EntryRow, letter: 'listed' | 'offer' | 'news', secret: string | null = null): Promise<void> {
    const until = entry.offer_until ?? new Date(this.#clock.now().getTime() + LETTER_DAYS * DAY_MS);
    await this.#letters.sendTo({
      ...{ letter: `joining.${letter}`, address: entry.email, language: entry.language, until },
      path:
        secret === null ? `/wachtlijst/volgen#${await this.#followLinks.tokenOf(entry.id)}` : `/wachtlijst/aanvaarden#${secret}`,
      params: { name: await this.nameOf(entry), until: await this.#lastDay(until, entry.language) },
    });
  }

  /** The last day of a period that ends at a midnight. */
  async #lastDay(end: Date, language: Language): Promise<string> {
    const timeZone = await this.#calendar.timeZone();
    return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone }).format(end.getTime() - 1);
  }
}

export const keptUntil = (state: EntryState, now: Date): Date => new Date(now.getTime() + keptDays[state] * DAY_MS);

const wrongState = (state: EntryState) =>
  conflict('joining/state', `This is not possible any more: the request is ${state}. Reload the page.`);
