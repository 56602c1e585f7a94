import { addressBlock, type Language, notFound, Problem, systemPrincipal } from '@ilearn/core';
import type { Demonstration } from '../demonstration.js';
import type { Dependencies } from '../dependencies.js';
import { hashOf, newToken } from '../hashes.js';
import type { Quota, Quotas } from '../quotas.js';
import { type Entries, keptUntil } from './entries.js';
import type { FollowLinks } from './links.js';
import { type ContactFunction, type EntryRow, type EntrySchool, entryColumns } from './rows.js';
import type { EntryState } from './states.js';

export interface NewRequest {
  kind: 'school' | 'group';
  groupName: string | null;
  schools: EntrySchool[];
  givenName: string;
  familyName: string;
  email: string;
  function: ContactFunction;
  remark: string;
  language: Language;
}

/** What whoever has the secret link sees. */
export interface FollowedRequest {
  state: EntryState;
  kind: 'school' | 'group';
  name: string;
  schools: EntrySchool[];
  givenName: string;
  familyName: string;
  email: string;
  function: ContactFunction;
  position: number | null;
  offerUntil: Date | null;
  reason: string | null;
}

const ofNetwork: Quota = { name: 'request', most: 5, hours: 1 };
const ofAll: Quota = { name: 'request', most: 100, hours: 1 };
const invitations: Quota = { name: 'invitation', most: 3, hours: 24 };

/** States in which an entry stands for a school, so that the same contact gets no second one. */
const standing: EntryState[] = ['waiting', 'offered', 'joining'];

/** What contacts do with an entry, without an account. Whoever asks learns nothing about other entries and schools. */
export class Requests {
  readonly #knex: Dependencies['knex'];
  readonly #clock: Dependencies['clock'];
  readonly #locks: Dependencies['locks'];
  readonly #actAs: Dependencies['actAs'];
  readonly #letters: Dependencies['notifications']['letters'];
  readonly #entries: Entries;
  readonly #followLinks: FollowLinks;
  readonly #quotas: Quotas;
  readonly #demonstration: Demonstration;

  constructor(
    cradle: Dependencies & { entries: Entries; followLinks: FollowLinks; quotas: Quotas; demonstration: Demonstration },
  ) {
    this.#knex = cradle.knex;
    this.#clock = cradle.clock;
    this.#locks = cradle.locks;
    this.#actAs = cradle.actAs;
    this.#letters = cradle.notifications.letters;
    this.#entries = cradle.entries;
    this.#followLinks = cradle.followLinks;
    this.#quotas = cradle.quotas;
    this.#demonstration = cradle.demonstration;
  }

  /**
   * Keeps a request until its contact confirms it, and sends them a link that works once. An address that had its letters of the day gets no
   * further one, and nothing is kept; the answer is the same.
   *
   * @throws Problem 422 `joining/demonstration`; 429 `joining/too-many`
   */
  async submit({ schools, groupName, givenName, familyName, ...request }: NewRequest, address: string): Promise<void> {
    await this.#demonstration.refuseReal(request.email);
    await this.#quotas.take(ofNetwork, addressBlock(address));
    await this.#quotas.take(ofAll, 'all');
    if (!(await this.#quotas.mayWrite(request.email))) return;
    const now = this.#clock.now();
    const token = newToken();
    const until = keptUntil('unconfirmed', now);
    const [entry] = await this.#knex('entries')
      .insert({
        ...{ ...request, group_name: groupName, given_name: givenName, family_name: familyName },
        ...{ state: 'unconfirmed', confirm_hash: hashOf(token), requested_at: now, changed_at: now, kept_until: until },
      })
      .returning(['id', 'email', 'language']);
    await this.#knex('entry_schools').insert(schools.map((school) => ({ entry_id: entry.id, ...school })));
    await this.#letters.sendTo({
      ...{ letter: 'joining.confirm', address: entry.email, language: entry.language, until },
      path: `/wachtlijst/bevestigen#${token}`,
      params: {},
    });
  }

  /**
   * Puts a request on the list, once its contact has shown that the address is theirs. A second request of the same contact is dropped for a
   * standing one that has all its schools; while that one waits, it gets what the contact now says of themselves. Returns the token of the link with which they follow it.
   *
   * @throws Problem 410 `joining/link-used` for a link that was used, is too old, or never was
   */
  async confirm(token: string): Promise<string> {
    await this.#locks.take('confirm');
    const row: EntryRow | undefined = await this.#knex('entries')
      .where({ confirm_hash: hashOf(token) })
      .forUpdate()
      .first(entryColumns);
    if (row === undefined || row.kept_until <= this.#clock.now()) throw linkUsed();
    const twin = await this.#twinOf(row);
    if (twin !== undefined) {
      await this.#knex('entries').where({ id: row.id }).delete();
      if (twin.state === 'waiting') await this.#entries.correct(twin.id, row);
      // Whoever asks again may have lost the link.
      await this.#entries.write(twin, 'listed');
      return this.#followLinks.tokenOf(twin.id);
    }
    await this.#entries.transition(row, 'confirm', 'contact', { confirm_hash: null });
    return this.#followLinks.tokenOf(row.id);
  }

  /** @throws Problem 404 */
  async follow(token: string): Promise<FollowedRequest> {
    const entry = await this.#entries.find(await this.#idOf(token));
    if (entry === undefined) throw notFound();
    return this.#shown(entry);
  }

  /**
   * The offer behind the link of its letter, and the token with which its entry is followed.
   *
   * @throws Problem 410 `joining/offer-link`
   */
  async offer(token: string): Promise<FollowedRequest & { follow: string }> {
    const entry = await this.offered(token);
    return { ...(await this.#shown(entry)), follow: await this.#followLinks.tokenOf(entry.id) };
  }

  /** The offered entry behind the link of its letter, locked. @throws Problem 410 `joining/offer-link`; 422 `joining/demonstration` */
  async offered(token: string): Promise<EntryRow> {
    const entry = await this.#entries.offered(token);
    if (entry === undefined) throw offerLink();
    await this.#demonstration.refuseReal(entry.email);
    return entry;
  }

  async #shown(entry: EntryRow): Promise<FollowedRequest> {
    return {
      ...{ state: this.#isOver(entry) ? 'lapsed' : entry.state, kind: entry.kind, name: await this.#entries.nameOf(entry) },
      ...{ givenName: entry.given_name, familyName: entry.family_name, email: entry.email, function: entry.function },
      ...{ offerUntil: entry.offer_until, reason: entry.reason },
      schools: await this.#entries.schoolsOf(entry.id),
      position: await this.#entries.positionOf(entry),
    };
  }

  /** @throws Problem 404; 409 `joining/state` */
  async withdraw(token: string): Promise<void> {
    const entry = await this.#locked(token);
    await this.#entries.transition(entry, 'withdraw', 'contact');
  }

  /**
   * Sends the contact the invitation to make their account once more.
   *
   * @throws Problem 404; 429 `joining/too-many`
   */
  async inviteAgain(token: string): Promise<void> {
    const entry = await this.#locked(token);
    if ((entry.state !== 'joining' && entry.state !== 'joined') || entry.person_id === null) throw notFound();
    await this.#quotas.take(invitations, entry.id);
    const personId = entry.person_id;
    await this.#actAs(systemPrincipal(), async ({ knex, login }: Dependencies) => {
      // By the schools that were made: numbers may mean another school by now.
      const made = await knex('joined_schools').where({ entry_id: entry.id }).orderBy('school_id').first('school_id');
      if (made !== undefined) await login.invitations.inviteToSchool({ school: made.school_id, personId });
    });
  }

  /** The entry behind a link, locked. @throws Problem 404 */
  async #locked(token: string): Promise<EntryRow> {
    const entry = await this.#entries.locked(await this.#idOf(token));
    if (entry === undefined) throw notFound();
    return entry;
  }

  async #idOf(token: string): Promise<string> {
    const id = await this.#followLinks.entryOf(token);
    if (id === null) throw notFound();
    return id;
  }

  #isOver({ state, offer_until }: EntryRow): boolean {
    return state === 'offered' && offer_until !== null && offer_until <= this.#clock.now();
  }

  /** The first standing entry of the same contact that has all schools of this one. */
  async #twinOf({ id, email }: EntryRow): Promise<EntryRow | undefined> {
    const own = this.#knex('entry_schools').where({ entry_id: id }).select('number');
    const count = this.#knex('entry_schools').where({ entry_id: id }).count();
    const row = await this.#knex('entries as e')
      .join('entry_schools as s', 's.entry_id', 'e.id')
      .whereRaw('lower(e.email) = lower(?)', [email])
      .whereIn('e.state', standing)
      .whereIn('s.number', own)
      .groupBy('e.id', 'e.number')
      .havingRaw('count(*) = (?)', [count])
      .orderBy('e.number')
      .first('e.id');
    return row === undefined ? undefined : this.#entries.find(row.id);
  }
}

const offerLink = (): Problem =>
  new Problem({
    type: 'joining/offer-link',
    status: 410,
    title: 'The link does not work (any more)',
    detail: 'This offer was accepted already, or taken back. Open the newest e-mail about your request.',
  });
const linkUsed = (): Problem =>
  new Problem({
    type: 'joining/link-used',
    status: 410,
    title: 'The link does not work (any more)',
    detail: 'This link was used already, or is too old. Put your school on the list again.',
  });
