import { randomUUID } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import type { Knex } from 'knex';
import type { Cradle } from '../cradle.js';
import { seal, unseal } from './seal.js';

/** Tools may hold a copy of the key set; a key that stopped signing stays in it this long. */
const overlapHours = 48;

interface SigningKeyRow {
  kid: string;
  public_jwk: JWK;
  private_jwk: string;
}

export interface RotationOptions {
  /** The new key signs at once, instead of after `keyLeadHours`. */
  immediately?: boolean;
  /** The older keys leave the key set at once: for a key that leaked. Implies `immediately`. */
  revoke?: boolean;
}

/**
 * The platform's RSA keys. A key is published before it signs and stays published after it stopped, so that a launch never
 * meets a tool that does not know its key. The private half is stored encrypted.
 */
export class SigningKeys {
  readonly #knex: Knex;
  readonly #secrets: Cradle['secrets'];
  readonly #config: Cradle['config'];
  readonly #locks: Cradle['locks'];
  readonly #log: Cradle['log'];

  constructor({ knex, secrets, config, locks, log }: Cradle) {
    this.#locks = locks;
    this.#knex = knex;
    this.#secrets = secrets;
    this.#config = config;
    this.#log = log;
  }

  /** The key that signs now. */
  async signer(): Promise<{ kid: string; key: CryptoKey }> {
    const row = (await this.#current()) ?? (await this.#createFirst());
    const jwk = (await this.#openable([row])).get(row.kid);
    if (jwk === undefined) {
      throw new Error(
        `The signing key ${row.kid} was encrypted under another master key, or changed since. Start the portal anew: it then makes a new key.`,
      );
    }
    return { kid: row.kid, key: (await importJWK(jwk, 'RS256')) as CryptoKey };
  }

  /** The public keys that tools may meet, newest first (RFC 7517). */
  async published(): Promise<JWK[]> {
    const rows: SigningKeyRow[] = await this.#published().orderBy('signs_from', 'desc').orderBy('kid');
    const openable = await this.#openable(rows);
    return rows.flatMap((row) => (openable.has(row.kid) ? row.public_jwk : []));
  }

  /** Makes a key where there is none that signs. Those that cannot be opened are told, and never sign or are published again. */
  async ensure(): Promise<void> {
    const rows: SigningKeyRow[] = await this.#published();
    const openable = await this.#openable(rows);
    const closed = rows.filter(({ kid }) => !openable.has(kid)).map(({ kid }) => kid);
    if (closed.length > 0) {
      await this.#knex('signing_keys').whereIn('kid', closed).update({ published_until: this.#knex.fn.now() });
      const mend = 'Nothing, when the master key was replaced: a new key signs. Else give the portal the master key that it had.';
      this.#log.warn(
        { keys: closed, mend },
        'signing keys were encrypted under another master key: they are not used or published',
      );
    }
    if ((await this.#current()) === undefined) await this.#createFirst();
  }

  /** @returns the new key's id */
  async rotate({ immediately = false, revoke = false }: RotationOptions = {}): Promise<string> {
    await this.#lock();
    const leadHours = immediately || revoke ? 0 : this.#config.keyLeadHours;
    await this.#knex('signing_keys')
      .whereNull('published_until')
      .update({ published_until: this.#hoursFromNow(leadHours + overlapHours) });
    if (revoke) await this.#knex('signing_keys').delete();
    return (await this.#create(leadHours)).kid;
  }

  /** Rotates when the newest key has reached its age, and drops those that nobody needs any more. */
  async rotateWhenDue(): Promise<string | null> {
    await this.#lock();
    await this.#knex('signing_keys').where('published_until', '<=', this.#knex.fn.now()).delete();
    const young: SigningKeyRow[] = await this.#knex('signing_keys').whereRaw(`created_at > now() - make_interval(days => ?)`, [
      this.#config.keyLifetimeDays,
    ]);
    return (await this.#openable(young)).size === 0 ? this.rotate() : null;
  }

  #published() {
    return this.#knex('signing_keys').where((either) =>
      either.whereNull('published_until').orWhere('published_until', '>', this.#clock()),
    );
  }

  #current(): Promise<SigningKeyRow | undefined> {
    return this.#published().where('signs_from', '<=', this.#clock()).orderBy('signs_from', 'desc').orderBy('kid').first();
  }

  /** The private halves of those that were encrypted under the portal's present master key. */
  async #openable(rows: readonly SigningKeyRow[]): Promise<Map<string, JWK>> {
    const key = await this.#secrets.key('lti-keys');
    const opened = rows.flatMap(({ kid, private_jwk }): [string, JWK][] => {
      try {
        return [[kid, JSON.parse(unseal(private_jwk, key, kid))]];
      } catch {
        return [];
      }
    });
    return new Map(opened);
  }

  async #createFirst(): Promise<SigningKeyRow> {
    await this.#lock();
    return (await this.#current()) ?? this.#create(0);
  }

  async #create(leadHours: number): Promise<SigningKeyRow> {
    const kid = randomUUID();
    const pair = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
    const privateJwk = JSON.stringify(await exportJWK(pair.privateKey));
    const row: SigningKeyRow = {
      kid,
      public_jwk: { ...(await exportJWK(pair.publicKey)), kid, alg: 'RS256', use: 'sig' },
      private_jwk: seal(privateJwk, await this.#secrets.key('lti-keys'), kid),
    };
    await this.#knex('signing_keys').insert({ ...row, signs_from: this.#hoursFromNow(leadHours) });
    return row;
  }

  /** One process at a time makes keys; held to the end of the unit of work. */
  async #lock(): Promise<void> {
    await this.#locks.take('signing-keys');
  }

  /** The time itself: `now()` is when the unit of work began, before it waited for the lock. */
  #clock(): Knex.Raw {
    return this.#knex.raw('clock_timestamp()');
  }

  #hoursFromNow(hours: number): Knex.Raw {
    return this.#knex.raw('now() + make_interval(hours => ?)', [hours]);
  }
}
