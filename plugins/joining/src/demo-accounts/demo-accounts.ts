import { addressBlock, type Language, notFound, Problem, systemPrincipal } from '@ilearn/core';
import type { PreparedPassword } from '@ilearn/plugin-login';
import type { Demonstration } from '../demonstration.js';
import type { Dependencies } from '../dependencies.js';
import { type Hashes, hashOf, newToken } from '../hashes.js';
import { mailboxOf, type Quota, type Quotas } from '../quotas.js';

const DAY_MS = 86_400_000;
/** Days that a link is valid, and that an account lasts. */
const LINK_DAYS = 1;
export const demoDays = 14;

const ofNetwork: Quota = { name: 'demo', most: 3, hours: 1 };
const ofMailbox: Quota = { name: 'demo-mailbox', most: 2, hours: 24 };
/** Letters to whatever addresses. */
const ofLetters: Quota = { name: 'demo-letters', most: 200, hours: 24 };
/** In all, so that the sandbox keeps a size that can be read. */
const ofAll: Quota = { name: 'demo-all', most: 50, hours: 24 };

/**
 * Accounts to try i-Learn: a guest who teaches in the sandbox school, which the demonstration or a command made. The person has no e-mail
 * address and an invented name, and holds no role anywhere else, so they see no real school.
 */
export class DemoAccounts {
  readonly #knex: Dependencies['knex'];
  readonly #clock: Dependencies['clock'];
  readonly #actAs: Dependencies['actAs'];
  readonly #sessions: Dependencies['sessions'];
  readonly #letters: Dependencies['notifications']['letters'];
  readonly #hashes: Hashes;
  readonly #quotas: Quotas;
  readonly #demonstration: Demonstration;

  constructor(cradle: Dependencies & { hashes: Hashes; quotas: Quotas; demonstration: Demonstration }) {
    this.#knex = cradle.knex;
    this.#clock = cradle.clock;
    this.#actAs = cradle.actAs;
    this.#sessions = cradle.sessions;
    this.#letters = cradle.notifications.letters;
    this.#hashes = cradle.hashes;
    this.#quotas = cradle.quotas;
    this.#demonstration = cradle.demonstration;
  }

  /** Whether there is a sandbox school. */
  async offered(): Promise<boolean> {
    const found = await this.#actAs(systemPrincipal(), ({ knex }: Dependencies) => knex('sandboxes').first('school_id'));
    return found !== undefined;
  }

  /**
   * Sends a link that works once. An address that has an account, or had its letters of the day, gets none; the answer is the same.
   *
   * @throws Problem 404 without a sandbox; 422 `joining/demonstration`; 429 `joining/too-many`
   */
  async request(email: string, language: Language, address: string): Promise<void> {
    if (!(await this.offered())) throw notFound();
    await this.#demonstration.refuseReal(email);
    await this.#quotas.take(ofNetwork, addressBlock(address));
    await this.#quotas.take(ofLetters, 'all');
    if ((await this.#quotas.count(ofMailbox, mailboxOf(email))) > 0 || !(await this.#quotas.mayWrite(email))) return;
    const address_hash = await this.#hashes.keyed('address', mailboxOf(email));
    const now = this.#clock.now();
    const has = await this.#actAs(systemPrincipal(), ({ knex }: Dependencies) =>
      knex('demo_accounts').where({ address_hash }).first('person_id'),
    );
    if (has !== undefined) return;
    const token = newToken();
    const row = { token_hash: hashOf(token), ends_at: new Date(now.getTime() + LINK_DAYS * DAY_MS) };
    // The link before stops working.
    await this.#knex('demo_requests')
      .insert({ address_hash, ...row })
      .onConflict('address_hash')
      .merge(row);
    await this.#letters.sendTo({
      ...{ letter: 'joining.demo', address: email, language, until: row.ends_at },
      path: `/proefaccount/openen#${token}`,
      params: { days: demoDays },
    });
  }

  /** Whether a link works; changes nothing. */
  async works(token: string): Promise<boolean> {
    return (await this.#find(token)) !== undefined && (await this.offered());
  }

  /**
   * Makes the account of a link, and signs in.
   *
   * @throws Problem 410 `joining/link-used`; 429 `joining/too-many`; as `login.accounts.set` for a weak password, and the link then still works
   */
  async open(token: string, password: PreparedPassword): Promise<{ username: string; endsAt: Date }> {
    const request = await this.#knex('demo_requests')
      .where({ token_hash: hashOf(token) })
      .forUpdate()
      .first('address_hash', 'ends_at');
    if (request === undefined || request.ends_at <= this.#clock.now()) throw demoLinkUsed();
    await this.#quotas.take(ofAll, 'all');
    await this.#knex('demo_requests')
      .where({ token_hash: hashOf(token) })
      .delete();
    const { address_hash } = request;
    return this.#actAs(systemPrincipal(), async ({ knex, directory, login }: Dependencies) => {
      const sandbox: { school_id: string } | undefined = await knex('sandboxes').first('school_id');
      if (sandbox === undefined) throw demoLinkUsed();
      // The class with the most pupils; none if the school has none in this school year.
      const classes = (await directory.classes.ofSchool(sandbox.school_id)).filter(({ kind }) => kind === 'class');
      const [largest] = classes.sort((one, other) => other.pupils - one.pupils);
      const name = { givenName: 'Demo', familyName: hashOf(token).toString('hex').slice(0, 4).toUpperCase() };
      const { personId, username, expiresAt } = await login.temporaryAccounts.welcome(
        { ...name, school: sandbox.school_id, days: demoDays, classId: largest?.id },
        password,
      );
      await knex('demo_accounts').insert({ person_id: personId, school_id: sandbox.school_id, address_hash, ends_at: expiresAt });
      await this.#sessions.start({ id: personId, displayName: `${name.givenName} ${name.familyName}`, expiresAt });
      return { username, endsAt: expiresAt };
    });
  }

  /**
   * Makes a school the sandbox, for guests to teach in.
   *
   * @param published whether everybody knows the passwords of accounts of this portal, so that it may hold nothing about real people
   */
  async setSandbox(school: string, { published }: { published: boolean } = { published: false }): Promise<void> {
    await this.#actAs(systemPrincipal(), ({ knex }: Dependencies) =>
      knex('sandboxes').insert({ school_id: school, published }).onConflict('school_id').merge({ published }),
    );
  }

  /** Erases the people of accounts that have ended, with all that they made, and forgets links that nobody used. */
  async removeEnded(): Promise<void> {
    const now = this.#clock.now();
    await this.#knex('demo_requests').where('ends_at', '<=', now).delete();
    await this.#actAs(systemPrincipal(), async ({ knex, privacy, unitOfWork, log }: Dependencies) => {
      const people: string[] = await knex('demo_accounts')
        .where('ends_at', '<=', now)
        .orderBy('ends_at')
        .limit(100)
        .pluck('person_id');
      for (const personId of people) {
        try {
          await unitOfWork.savepoint(() => privacy.erase(personId));
        } catch (err) {
          log.error({ err, person: personId }, 'a demo account could not be erased');
        }
      }
    });
  }

  async #find(token: string): Promise<unknown> {
    return this.#knex('demo_requests')
      .where({ token_hash: hashOf(token) })
      .where('ends_at', '>', this.#clock.now())
      .first('ends_at');
  }
}

export const demoLinkUsed = (): Problem =>
  new Problem({
    type: 'joining/link-used',
    status: 410,
    title: 'The link does not work (any more)',
    detail: 'This link was used already, or is too old. Ask for a new one.',
  });
