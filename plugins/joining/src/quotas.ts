import { isIPv6 } from 'node:net';
import { Problem } from '@ilearn/core';
import type { Dependencies } from './dependencies.js';
import type { Hashes } from './hashes.js';

/** What is counted: at most `most` within `hours` for each subject. */
export interface Quota {
  name: string;
  most: number;
  hours: number;
}

/** An IPv6 client can choose addresses within its network of 64 bits, so that counts as one. */
export const network = (address: string): string => (isIPv6(address) ? address.split(':').slice(0, 4).join(':') : address);

/** The mailbox of an address, without a tag of its user: `an+school@x.example` reaches `an@x.example`. */
export const mailboxOf = (email: string): string => email.toLowerCase().replace(/\+[^@]*(?=@)/, '');

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

  async removeEnded(): Promise<void> {
    await this.#knex('quotas').where('until', '<', this.#clock.now()).delete();
  }
}
