import { createHmac } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { Problem, systemPrincipal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { Ticketing } from './ticketing.js';

export interface FormQuestion {
  name: string;
  email: string;
  subject: string;
  text: string;
  toolKey: string | null;
}

/** Questions an hour from one address or network, and from everybody together. */
const mostOfAddress = 5;
const mostOfAll = 200;

/** An IPv6 client can choose addresses within its network of 64 bits, so that counts as one. */
const network = (address: string): string => (isIPv6(address) ? address.split(':').slice(0, 4).join(':') : address);

/** Questions of people who are not signed in. */
export class PublicForm {
  readonly #actAs: Dependencies['actAs'];
  readonly #secrets: Dependencies['secrets'];

  constructor({ actAs, secrets }: Dependencies) {
    this.#actAs = actAs;
    this.#secrets = secrets;
  }

  /**
   * Opens a ticket of no school. The answer goes to the address by e-mail.
   *
   * @throws Problem 429 `helpdesk/too-many-questions` with the seconds to wait
   */
  async ask({ name, email, subject, text, toolKey }: FormQuestion, address: string): Promise<{ number: number }> {
    const secret = await this.#secrets.key('form');
    const keyOf = (what: string) => createHmac('sha256', secret).update(what).digest('hex');
    return this.#actAs(systemPrincipal(), async ({ knex, ticketing }: Dependencies & { ticketing: Ticketing }) => {
      await count(knex, keyOf(`address:${network(address)}`), mostOfAddress);
      await count(knex, keyOf('all'), mostOfAll);
      const author = { personId: null, email, name };
      const { number } = await ticketing.open({ subject, text, channel: 'form', author, schoolId: null, toolKey });
      return { number };
    });
  }
}

/** Counts one more within the hour; a count that is refused is rolled back with the request. */
async function count(knex: Dependencies['knex'], key: string, most: number): Promise<void> {
  const { rows } = await knex.raw(
    `insert into form_throttles as t (key, tries, until) values (?, 1, now() + interval '1 hour')
     on conflict (key) do update set tries = case when t.until < now() then 1 else t.tries + 1 end,
       until = case when t.until < now() then now() + interval '1 hour' else t.until end
     returning tries, ceil(extract(epoch from until - now()))::int as seconds`,
    [key],
  );
  if (rows[0].tries > most) {
    throw new Problem({
      type: 'helpdesk/too-many-questions',
      status: 429,
      title: 'Too many questions',
      detail: `Too many questions came from here. Wait ${rows[0].seconds} seconds, or send an e-mail.`,
    });
  }
}
