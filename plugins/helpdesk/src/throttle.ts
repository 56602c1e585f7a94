import { createHmac } from 'node:crypto';
import { addressBlock } from '@ilearn/core';
import type { Dependencies } from './dependencies.js';

/** Counts what comes from people who are not signed in, within an hour, by a keyed hash of their address. */
export class Throttle {
  readonly #knex: Dependencies['knex'];
  readonly #secrets: Dependencies['secrets'];

  constructor({ knex, secrets }: Dependencies) {
    this.#knex = knex;
    this.#secrets = secrets;
  }

  /**
   * Counts one more.
   *
   * @param address where it came from; null: everybody together
   * @returns seconds to wait if that is more than `most`, otherwise 0
   */
  async count(what: string, address: string | null, most: number): Promise<number> {
    const secret = await this.#secrets.key('form');
    const counted = `${what}:${address === null ? 'all' : addressBlock(address)}`;
    const { rows } = await this.#knex.raw<{ rows: { tries: number; seconds: number }[] }>(
      `insert into form_throttles as t (key, tries, until) values (?, 1, now() + interval '1 hour')
       on conflict (key) do update set tries = case when t.until < now() then 1 else t.tries + 1 end,
         until = case when t.until < now() then now() + interval '1 hour' else t.until end
       returning tries, ceil(extract(epoch from until - now()))::int as seconds`,
      [createHmac('sha256', secret).update(counted).digest('hex')],
    );
    const [row] = rows;
    return row === undefined || row.tries <= most ? 0 : row.seconds;
  }
}
