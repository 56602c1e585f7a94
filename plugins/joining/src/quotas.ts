import { Problem } from '@ilearn/core';
import type { Dependencies } from './dependencies.js';
import type { Hashes } from './hashes.js';

/** What is counted: at most `most` within `hours` for each subject. */
export interface Quota {
  name: string;
  most: number;
  hours: number;
}

/**
 * The mailbox of an address, without a tag of its user: `an+school@x.example` reaches `an@x.example`. Gmail ignores dots, and has two names.
 */
export function mailboxOf(email: string): string {
  const [user = '', domain = ''] = email.toLowerCase().split('@');
  const bare = user.replace(/\+.*$/, '');
  return domain === 'gmail.com' || domain === 'googlemail.com' ? `${bare.replaceAll('.', '')}@gmail.com` : `${bare}@${domain}`;
}

/** Where strangers to one another have mailboxes, so that no one of them uses up what is for the others. */
const providers = new Set([
  ...['gmail.com', 'outlook.com', 'outlook.be', 'hotmail.com', 'hotmail.be', 'live.com', 'live.be', 'msn.com', 'yahoo.com'],
  ...[
    'icloud.com',
    'me.com',
    'telenet.be',
    'skynet.be',
    'proximus.be',
    'scarlet.be',
    'pandora.be',
    'proton.me',
    'protonmail.com',
  ],
]);
const ofMailbox = { name: 'mailbox', most: 3, hours: 24 };
const ofDomain = { name: 'domain', most: 20, hours: 24 };

/** Counts what comes from people who are not signed in, by a keyed hash of who or what it concerns. */
export class Quotas {
  readonly #knex: Dependencies['knex'];
  readonly #clock: Dependencies['clock'];
  readonly #hashes: Hashes;

  constructor({ knex, clock, hashes }: Dependencies & { hashes: Hashes }) {
    this.#knex = knex;
    this.#clock = clock;
    this.#hashes = hashes;
  }

  /** Counts one more. Returns the seconds to wait if that is more than the quota allows, otherwise 0. */
  async count({ name, most, hours }: Quota, subject: string): Promise<number> {
    const now = this.#clock.now();
    const until = new Date(now.getTime() + hours * 3_600_000);
    const { rows } = await this.#knex.raw<{ rows: { tries: number; until: Date }[] }>(
      `insert into quotas as q (key, tries, until) values (?, 1, ?)
       on conflict (key) do update set tries = case when q.until < ? then 1 else least(q.tries + 1, 1000000) end,
         until = case when q.until < ? then excluded.until else q.until end
       returning tries, until`,
      [await this.#hashes.keyed(`quota ${name}`, subject), until, now, now],
    );
    const [row] = rows;
    if (row === undefined || row.tries <= most) return 0;
    return Math.max(1, Math.ceil((row.until.getTime() - now.getTime()) / 1_000));
  }

  /** @throws Problem 429 `joining/too-many` with the seconds to wait; what is refused is not counted, since it is rolled back */
  async take(quota: Quota, subject: string): Promise<void> {
    const seconds = await this.count(quota, subject);
    if (seconds === 0) return;
    throw new Problem({
      type: 'joining/too-many',
      status: 429,
      title: 'Too many requests',
      detail: `Too many requests came from here. Wait ${seconds} seconds.`,
      extra: { seconds },
    });
  }

  /**
   * Counts a letter to an address that nobody has confirmed. Returns false if the mailbox, or the domain with all its mailboxes, had its
   * letters of the day.
   */
  async mayWrite(email: string): Promise<boolean> {
    const mailbox = mailboxOf(email);
    if ((await this.count(ofMailbox, mailbox)) > 0) return false;
    const domain = mailbox.slice(mailbox.indexOf('@') + 1);
    return providers.has(domain) || (await this.count(ofDomain, domain)) === 0;
  }

  async removeEnded(): Promise<void> {
    await this.#knex('quotas').where('until', '<', this.#clock.now()).delete();
  }
}
