import { conflict, notFound, type Position } from '@ilearn/core';
import type { SchoolGroupSummary } from '@ilearn/plugin-directory';
import type { Dependencies } from '../dependencies.js';
import type { Entries } from './entries.js';
import { type EntryRow, type EntrySchool, entryColumns } from './rows.js';
import { deskStates, type EntryState } from './states.js';

/** States in which a place is taken, so that no second entry for the same school gets one. */
const placed: EntryState[] = ['offered', 'joining'];
/** States in which an entry is worth comparing with others of the same school. */
const live: EntryState[] = ['waiting', ...placed];

/** School groups that are proposed for an entry. */
export const mostGroups = 20;

/** A school of an entry, as the administrator sees it. */
export interface DeskSchool extends EntrySchool {
  /** A school of this portal has the number. */
  known: boolean;
  /** Other entries for the same school that wait or have a place. */
  others: number;
}

/** What administrators do with the list. Its routes are for them alone. */
export class WaitingListDesk {
  readonly #knex: Dependencies['knex'];
  readonly #clock: Dependencies['clock'];
  readonly #calendar: Dependencies['calendar'];
  readonly #locks: Dependencies['locks'];
  readonly #directory: Dependencies['directory'];
  readonly #entries: Entries;
  readonly #unitOfWork: Dependencies['unitOfWork'];
  readonly #log: Dependencies['log'];

  constructor({ knex, clock, calendar, locks, directory, entries, unitOfWork, log }: Dependencies & { entries: Entries }) {
    this.#knex = knex;
    this.#clock = clock;
    this.#calendar = calendar;
    this.#locks = locks;
    this.#directory = directory;
    this.#entries = entries;
    this.#unitOfWork = unitOfWork;
    this.#log = log;
  }

  /** Entries in a state: the waiting in the order of the list, others newest first. */
  async page(state: EntryState, after: Position | null, limit: number): Promise<EntryRow[]> {
    const found = this.#knex('entries').where({ state }).limit(limit).select(entryColumns);
    if (state === 'waiting') {
      if (after !== null) found.whereRaw('(-priority, number) > (?::int, ?::bigint)', [...after] as string[]);
      return found.orderByRaw('-priority, number');
    }
    if (after !== null) found.whereRaw('number < ?::bigint', [...after] as string[]);
    return found.orderBy('number', 'desc');
  }

  /** Entries of whatever state for a school with this number, newest first. */
  async ofNumber(number: string, after: Position | null, limit: number): Promise<EntryRow[]> {
    const found = this.#knex('entries')
      .whereIn('state', [...deskStates])
      .whereIn('id', this.#knex('entry_schools').where({ number }).select('entry_id'))
      .orderBy('number', 'desc')
      .limit(limit)
      .select(entryColumns);
    if (after !== null) found.whereRaw('number < ?::bigint', [...after] as string[]);
    return found;
  }

  /** Position of a row in that order. */
  positionIn({ state, priority, number }: EntryRow): (string | number)[] {
    return state === 'waiting' ? [-priority, number] : [number];
  }

  async counts(): Promise<Record<EntryState, number>> {
    const rows: { state: EntryState; count: number }[] = await this.#knex('entries')
      .groupBy('state')
      .select('state', this.#knex.raw('count(*)::int as count'));
    const counted = new Map(rows.map(({ state, count }) => [state, count]));
    return Object.fromEntries(deskStates.map((state) => [state, counted.get(state) ?? 0])) as Record<EntryState, number>;
  }

  /** The schools of these entries, by entry. Three statements for any number of entries. */
  async schoolsOf(entryIds: readonly string[]): Promise<Map<string, DeskSchool[]>> {
    const others = this.#knex('entry_schools as o')
      .join('entries as e', 'e.id', 'o.entry_id')
      .whereRaw('o.number = s.number and o.entry_id <> s.entry_id')
      .whereIn('e.state', live)
      .select(this.#knex.raw('count(*)::int'));
    const rows: (EntrySchool & { entry_id: string; others: number })[] = await this.#knex('entry_schools as s')
      .whereRaw('s.entry_id = any(?::uuid[])', [[...entryIds]])
      .orderBy(['s.name', 's.number'])
      .select('s.entry_id', 's.number', 's.name', others.as('others'));
    const numbers = [...new Set(rows.map(({ number }) => number))];
    const known = new Set((await this.#directory.schools.byInstellingsnummers(numbers)).keys());
    const byEntry = new Map<string, DeskSchool[]>(entryIds.map((id) => [id, []]));
    for (const { entry_id, number, name, others: count } of rows) {
      byEntry.get(entry_id)?.push({ number, name, known: known.has(number), others: count });
    }
    return byEntry;
  }

  /**
   * Offers a place until the end of the day in so many days.
   *
   * @param group the school group that the schools join: its id, `new` for one with the name that the contact wrote, or null
   * @throws Problem 404, also for a school group that is not there; 409 `joining/state`, `joining/school-known` if a school of this portal has
   * one of the numbers, or `joining/offered-already` if another entry for one of the schools has a place
   */
  async offer(id: string, days: number, group: string | null = null): Promise<void> {
    // Of two offers for the same school, the second must see the first.
    await this.#locks.take('offer');
    const entry = await this.#locked(id);
    const schools = await this.#entries.schoolsOf(id);
    const numbers = schools.map(({ number }) => number);
    const [known] = (await this.#directory.schools.byInstellingsnummers(numbers)).keys();
    if (known !== undefined) throw schoolKnown(known);
    const other = await this.#knex('entry_schools as s')
      .join('entries as e', 'e.id', 's.entry_id')
      .whereRaw('s.number = any(?::text[])', [numbers])
      .whereNot('s.entry_id', id)
      .whereIn('e.state', placed)
      .first('s.number');
    if (other !== undefined) throw offeredAlready(other.number);
    const new_group = group === 'new' && entry.group_name !== null;
    const group_id = group === 'new' ? null : group;
    if (group_id !== null && !(await this.#directory.schools.groups()).some((each) => each.id === group_id)) throw notFound();
    const offer_until = await this.#endOfDay(days);
    await this.#entries.transition(entry, 'offer', 'administrator', { offer_until, group_id, new_group, reason: null });
  }

  /** @throws Problem 404; 409 `joining/state` */
  async retract(id: string, reason: string): Promise<void> {
    await this.#entries.transition(await this.#locked(id), 'retract', 'administrator', { reason });
  }

  /** @throws Problem 404; 409 `joining/state` */
  async decline(id: string, reason: string): Promise<void> {
    await this.#entries.transition(await this.#locked(id), 'decline', 'administrator', { reason });
  }

  /** @throws Problem 404; 409 `joining/state` */
  async restore(id: string): Promise<void> {
    await this.#entries.transition(await this.#locked(id), 'restore', 'administrator', { reason: null, merged_into: null });
  }

  /** @throws Problem 404; 409 `joining/state` while it has a place */
  async erase(id: string): Promise<void> {
    await this.#entries.erase(await this.#locked(id));
  }

  /** School groups of the portal whose name has words in common with that of an entry, those with most first, at most 20. @throws Problem 404 */
  async groupsLike(id: string): Promise<SchoolGroupSummary[]> {
    const entry = await this.#entries.find(id);
    if (entry === undefined) throw notFound();
    const words = wordsOf(entry.group_name ?? '');
    const alike = (await this.#directory.schools.groups()).map((group) => ({
      group,
      common: [...wordsOf(group.name)].filter((word) => words.has(word)).length,
    }));
    return alike
      .filter(({ common }) => common > 0)
      .sort((a, b) => b.common - a.common)
      .slice(0, mostGroups)
      .map(({ group }) => group);
  }

  /**
   * Drops an entry for another one of the same school, whose contact is the one to talk with.
   *
   * @throws Problem 404; 409 `joining/state`, or `joining/no-twin` unless both have a school in common and the other one waits or has a place
   */
  async merge(id: string, into: string): Promise<void> {
    const rows: EntryRow[] = await this.#knex('entries').whereIn('id', [id, into]).orderBy('id').forUpdate().select(entryColumns);
    const entry = rows.find((row) => row.id === id);
    const other = rows.find((row) => row.id === into && row.id !== id);
    if (entry === undefined) throw notFound();
    const numbers = (await this.#entries.schoolsOf(id)).map(({ number }) => number);
    const common = (await this.#entries.schoolsOf(into)).some(({ number }) => numbers.includes(number));
    if (other === undefined || !live.includes(other.state) || !common) throw noTwin();
    await this.#entries.transition(entry, 'merge', 'administrator', { merged_into: into });
  }

  /** Other entries for a school of this one that wait or have a place, the first first. */
  async twins(id: string, limit: number): Promise<EntryRow[]> {
    const own = this.#knex('entry_schools').where({ entry_id: id }).select('number');
    const theirs = this.#knex('entry_schools').whereIn('number', own).select('entry_id');
    return this.#knex('entries')
      .whereIn('id', theirs)
      .whereNot({ id })
      .whereIn('state', live)
      .orderBy('number')
      .limit(limit)
      .select(entryColumns);
  }

  /** -1: after the others, 0: in order, 1: before the others. @throws Problem 404 unless it waits */
  async prioritise(id: string, priority: number): Promise<void> {
    if ((await this.#knex('entries').where({ id, state: 'waiting' }).update({ priority })) === 0) throw notFound();
  }

  /** Ends offers whose deadline has passed, at most 100; one that fails stops no other. Returns whether there may be more. */
  async lapse(): Promise<boolean> {
    const most = 100;
    const rows: EntryRow[] = await this.#knex('entries')
      .where({ state: 'offered' })
      .where('offer_until', '<=', this.#clock.now())
      .orderBy('offer_until')
      .limit(most)
      .forUpdate()
      .skipLocked()
      .select(entryColumns);
    let ended = 0;
    for (const row of rows) {
      try {
        await this.#unitOfWork.savepoint(() => this.#entries.transition(row, 'lapse', 'portal'));
        ended += 1;
      } catch (err) {
        this.#log.error({ err, entry: row.id }, 'an offer could not be ended');
      }
    }
    return rows.length === most && ended > 0;
  }

  /** The midnight that ends the day in so many days, where the portal is. */
  async #endOfDay(days: number): Promise<Date> {
    const { rows } = await this.#knex.raw<{ rows: { until: Date }[] }>(
      'select (?::date + ?::int + 1)::timestamp at time zone ? as until',
      [await this.#calendar.today(), days, await this.#calendar.timeZone()],
    );
    return rows[0]?.until as Date;
  }

  async #locked(id: string): Promise<EntryRow> {
    const entry = await this.#entries.locked(id);
    if (entry === undefined) throw notFound();
    return entry;
  }
}

/** Words that many school groups have in their name. */
const common = new Set(['scholengroep', 'scholengemeenschap', 'sgr', 'van', 'voor', 'het', 'vzw']);

/** Words and numbers of a name that tell school groups apart. */
const wordsOf = (name: string): Set<string> =>
  new Set(
    name
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => (word.length > 2 || /^\p{N}+$/u.test(word)) && !common.has(word)),
  );

const schoolKnown = (number: string) =>
  conflict('joining/school-known', `A school of this portal has the number ${number}. Decline the request, and say whom to ask.`);
const offeredAlready = (number: string) =>
  conflict(
    'joining/offered-already',
    `Another request for the school ${number} has a place. Merge the two, or take that offer back.`,
  );
const noTwin = () => conflict('joining/no-twin', 'Choose another request for the same school that waits or has a place.');
