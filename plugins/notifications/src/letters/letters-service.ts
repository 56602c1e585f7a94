import { randomUUID } from 'node:crypto';
import { type Jobs, type Language, languages } from '@ilearn/core';
import type { Knex } from 'knex';
import { z } from 'zod';
import type { Dependencies } from '../dependencies.js';
import type { AddressedLetter, Letter, LetterState, Letters } from '../exports.js';
import { notificationParams } from '../inbox/params.js';
import type { LetterKinds } from '../kinds/letter-kinds.js';
import type { Addresses } from '../mail/addresses.js';
import type { payloads } from '../mail/payloads.js';

const HOUR = 3_600;
const content = {
  letter: z.string(),
  path: z
    .string()
    .max(500)
    .regex(/^\/(?![/\\])[^\\\s]*$/, 'must be a path of this portal'),
  until: z.date(),
  params: notificationParams.default({}),
};
const letterShape = z.strictObject({ ...content, to: z.uuid() });
const addressedShape = z.strictObject({ ...content, address: z.email().max(254), language: z.enum(languages) });

/** To whom a letter goes: a person, at their address in the directory, or an address. */
type Recipient = { person: string; address: string | null } | { person: null; address: string; language: Language };

/** `notifications.letters` */
export class LettersService implements Letters {
  readonly #knex: Knex;
  readonly #letters: LetterKinds;
  readonly #addresses: Addresses;
  readonly #jobs: Jobs<typeof payloads>;
  readonly #locks: Dependencies['locks'];
  readonly #secrets: Dependencies['secrets'];
  readonly #config: Dependencies['config'];

  constructor(cradle: Dependencies & { letterKinds: LetterKinds; addresses: Addresses }) {
    this.#knex = cradle.knex;
    this.#letters = cradle.letterKinds;
    this.#addresses = cradle.addresses;
    this.#jobs = cradle.jobs;
    this.#locks = cradle.locks;
    this.#secrets = cradle.secrets;
    this.#config = cradle.config;
  }

  async send(given: Letter): Promise<string> {
    const { to, ...letter } = letterShape.parse(given);
    return this.#send(letter, { person: to, address: await this.#addresses.find(to) });
  }

  async sendTo(given: AddressedLetter): Promise<string> {
    const { address, language, ...letter } = addressedShape.parse(given);
    return this.#send(letter, { person: null, address, language });
  }

  async #send({ letter, path, until, params }: Omit<z.output<typeof letterShape>, 'to'>, to: Recipient): Promise<string> {
    if (this.#letters.find(letter) === undefined) throw new Error(`no plugin contributes the letter "${letter}"`);
    const id = randomUUID();
    const fingerprint = to.address === null ? null : await this.#addresses.fingerprint(to.address);
    const wait = fingerprint === null ? 0 : await this.#secondsToRoom(to.person, fingerprint);
    const addressed =
      to.person === null
        ? { language: to.language, recipient: await this.#secrets.seal('recipients', id, to.address) }
        : { person_id: to.person };
    await this.#knex('mails').insert({
      ...{ id, channel: 'letter', fingerprint, until, ...addressed },
      kinds: JSON.stringify({ [letter]: 1 }),
      params: JSON.stringify(params),
      // A copy of the database must not contain links that work.
      sealed: await this.#secrets.seal('letters', id, path),
      next_try_at: wait === 0 ? null : this.#knex.raw('now() + make_interval(secs => ?)', [wait]),
    });
    await this.#jobs.enqueue('deliver', { mailId: id }, { delaySeconds: wait });
    return id;
  }

  async statesOf(ids: readonly string[]): Promise<Record<string, LetterState>> {
    const rows: { id: string; state: LetterState }[] = await this.#knex('mails')
      .whereRaw('id = any(?::uuid[])', [[...ids]])
      .where({ channel: 'letter' })
      .select('id', 'state');
    return Object.fromEntries(rows.map(({ id, state }) => [id, state]));
  }

  async withdraw(ids: readonly string[]): Promise<void> {
    await this.#knex('mails')
      .whereRaw('id = any(?::uuid[])', [[...ids]])
      .where({ channel: 'letter' })
      .whereNot({ state: 'sent' })
      .update({
        state: 'dropped',
        answer: 'withdrawn',
        sealed: null,
        recipient: null,
        next_try_at: null,
        updated_at: this.#knex.fn.now(),
      });
  }

  /**
   * Seconds until the person, and the address, have had less than the greatest number of e-mails in an hour. By address too: whoever adds
   * and removes people could otherwise send any number of letters to one address.
   */
  async #secondsToRoom(personId: string | null, fingerprint: string): Promise<number> {
    await this.#locks.take(`letters ${fingerprint}`);
    const row = await this.#knex('mails')
      .where((either) => (personId === null ? either : either.where({ person_id: personId })).orWhere({ fingerprint }))
      .whereRaw("greatest(created_at, next_try_at) > now() - interval '1 hour'")
      .orderByRaw('greatest(created_at, next_try_at) desc')
      .offset(this.#config.mailsPerHour - 1)
      .first({ seconds: this.#knex.raw(`ceil(extract(epoch from greatest(created_at, next_try_at) - now()))::int + ${HOUR}`) });
    return Math.max(0, row?.seconds ?? 0);
  }
}
