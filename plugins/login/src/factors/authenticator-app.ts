import { type CardCode, qrCode } from '../accounts/card-code.js';
import type { Dependencies } from '../dependencies.js';
import type { Challenges } from './challenges.js';
import { newTotpSecret, stepOfCode, totpAddress } from './totp.js';

const minutes = 15;
const sealPurpose = 'totp';

/** What an authenticator app needs. `ticket`: the same secret, sealed for the person, to be sent back with the first code. */
export interface NewApp {
  secret: string;
  code: CardCode;
  ticket: string;
}

interface Ticket {
  secret: string;
  ends: number;
}

/** Codes of an authenticator app (TOTP, RFC 6238). The secret is stored sealed with a key of the portal. */
export class AuthenticatorApp {
  readonly #knex: Dependencies['knex'];
  readonly #secrets: Dependencies['secrets'];
  readonly #clock: Dependencies['clock'];
  readonly #portal: Dependencies['portal'];
  readonly #challenges: Challenges;

  constructor({ knex, secrets, clock, portal, challenges }: Dependencies & { challenges: Challenges }) {
    this.#knex = knex;
    this.#secrets = secrets;
    this.#clock = clock;
    this.#portal = portal;
    this.#challenges = challenges;
  }

  /** A new secret. Nothing is stored before {@link add}. */
  async begin(personId: string, username: string): Promise<NewApp> {
    const secret = newTotpSecret();
    const ticket: Ticket = { secret, ends: this.#clock.now().getTime() + minutes * 60_000 };
    const sealed = await this.#secrets.seal(`${sealPurpose}-ticket`, personId, JSON.stringify(ticket));
    const address = totpAddress(secret, { issuer: `i-Learn ${new URL(this.#portal.url).host}`, account: username });
    return { secret, code: qrCode(address), ticket: Buffer.from(sealed).toString('base64url') };
  }

  /** Stores the secret of the ticket, in place of an earlier one, if the code shows that an app has it. False if it does not. */
  async add(personId: string, ticket: string, code: string): Promise<boolean> {
    const opened = await this.#secrets.open(`${sealPurpose}-ticket`, personId, Buffer.from(ticket, 'base64url'));
    const { secret, ends }: Ticket = opened === null ? { secret: '', ends: 0 } : JSON.parse(opened);
    const now = this.#clock.now();
    if (ends <= now.getTime()) return false;
    if (!(await this.#isFirstUse(personId, secret, code))) return false;
    const row = { secret: Buffer.from(await this.#secrets.seal(sealPurpose, personId, secret)), added_at: now };
    await this.#knex('authenticator_apps')
      .insert({ person_id: personId, ...row })
      .onConflict('person_id')
      .merge(row);
    return true;
  }

  /** Whether this is a code of now that was not used before (RFC 6238 §5.2). */
  async use(personId: string, code: string): Promise<boolean> {
    const row = await this.#knex('authenticator_apps')
      .where('person_id', personId)
      .first<{ secret: Buffer } | undefined>('secret');
    const secret = row === undefined ? null : await this.#secrets.open(sealPurpose, personId, row.secret);
    return secret !== null && this.#isFirstUse(personId, secret, code);
  }

  async #isFirstUse(personId: string, secret: string, code: string): Promise<boolean> {
    const now = this.#clock.now();
    const step = stepOfCode(secret, code, now);
    if (step === null) return false;
    return this.#challenges.useOnce(`totp ${personId} ${secret} ${step}`, new Date(now.getTime() + 3 * 60_000));
  }

  async addedAt(personId: string): Promise<Date | null> {
    return (await this.#knex('authenticator_apps').where('person_id', personId).first('added_at'))?.added_at ?? null;
  }

  async remove(personId: string): Promise<boolean> {
    return (await this.#knex('authenticator_apps').where('person_id', personId).delete()) > 0;
  }
}
