import { randomUUID } from 'node:crypto';
import type { Http } from '@ilearn/core';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';

const keyColumns = ['kid', 'public_jwk', 'private_jwk'] as const;

/** For which private keys are sealed. */
const purpose = 'lti-keys';

/** Hours for which a key stays published after it stops signing, because tools cache the key set. */
const overlapHours = 48;

/** An RSA key as published to tools (RFC 7517 §4, RFC 7518 §6.3.1). */
export interface PublicKey {
  kty: 'RSA';
  kid: string;
  alg: 'RS256';
  use: 'sig';
  n: string;
  e: string;
}

interface SigningKeyRow {
  kid: string;
  public_jwk: PublicKey;
  private_jwk: string;
}

/**
 * The key that signed last, with its sealed text, by the HTTP service of the portal, because a process may run several portals. Opening and
 * importing it takes longer than signing.
 */
const lastSigners = new WeakMap<Http, { sealed: string; key: CryptoKey }>();

export interface RotationOptions {
  /** The new key signs immediately instead of after `keyLeadHours`. */
  immediately?: boolean;
  /** Removes the older keys from the key set immediately, for a key that leaked. Implies `immediately`. */
  revoke?: boolean;
}

/**
 * The platform's RSA keys. A key is published before it starts signing and after it stops, so that tools can verify every launch. The
 * private keys are stored encrypted.
 */
export class SigningKeys {
  readonly #knex: Knex;
  readonly #secrets: Dependencies['secrets'];
  readonly #config: Dependencies['config'];
  readonly #locks: Dependencies['locks'];
  readonly #log: Dependencies['log'];
  readonly #http: Http;

  constructor({ knex, secrets, config, locks, log, http }: Dependencies) {
    this.#http = http;
    this.#locks = locks;
    this.#knex = knex;
    this.#secrets = secrets;
    this.#config = config;
    this.#log = log;
  }

  /** The current signing key. */
  async signer(): Promise<{ kid: string; key: CryptoKey }> {
    const row = (await this.#current()) ?? (await this.#createFirst());
    const { kid, private_jwk } = row;
    const last = lastSigners.get(this.#http);
    if (last?.sealed === private_jwk) return { kid, key: last.key };
    const jwk = (await this.#openable([row])).get(row.kid);
    if (jwk === undefined) {
      throw new Error(
        `The signing key ${row.kid} was encrypted with another master key, or was changed. Restart the portal: it then creates a new key.`,
      );
    }
    const key = (await importJWK(jwk, 'RS256')) as CryptoKey;
    lastSigners.set(this.#http, { sealed: private_jwk, key });
    return { kid, key };
  }

  /** The published public keys whose private keys can be decrypted, newest first (RFC 7517). */
  async published(): Promise<PublicKey[]> {
    const rows: SigningKeyRow[] = await this.#published().orderBy('signs_from', 'desc').orderBy('kid');
    const openable = await this.#openable(rows);
    return rows.flatMap((row) => (openable.has(row.kid) ? row.public_jwk : []));
  }

  /** Creates a signing key if there is none. Withdraws and logs keys that cannot be decrypted. */
  async ensure(): Promise<void> {
    const rows: SigningKeyRow[] = await this.#published();
    const openable = await this.#openable(rows);
    const closed = rows.filter(({ kid }) => !openable.has(kid)).map(({ kid }) => kid);
    if (closed.length > 0) {
      await this.#knex('signing_keys').whereIn('kid', closed).update({ published_until: this.#knex.fn.now() });
      const remedy = 'If the master key was replaced: nothing, a new key signs. Otherwise give the portal its former master key.';
      this.#log.warn(
        { keys: closed, remedy },
        'signing keys were encrypted with another master key: they are no longer used or published',
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

  /**
   * Deletes keys that are no longer published, and rotates if no usable key is younger than `keyLifetimeDays`. Returns the new key's id, or
   * null.
   */
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
    return this.#published()
      .where('signs_from', '<=', this.#clock())
      .orderBy('signs_from', 'desc')
      .orderBy('kid')
      .first(keyColumns);
  }

  /** The private keys that can be decrypted with the portal's current master key, by kid. */
  async #openable(rows: readonly SigningKeyRow[]): Promise<Map<string, JWK>> {
    const opened = new Map<string, JWK>();
    for (const { kid, private_jwk } of rows) {
      const text = await this.#secrets.open(purpose, kid, Buffer.from(private_jwk, 'base64url'));
      if (text !== null) opened.set(kid, JSON.parse(text));
    }
    return opened;
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
      public_jwk: { ...((await exportJWK(pair.publicKey)) as Pick<PublicKey, 'kty' | 'n' | 'e'>), kid, alg: 'RS256', use: 'sig' },
      private_jwk: Buffer.from(await this.#secrets.seal(purpose, kid, privateJwk)).toString('base64url'),
    };
    await this.#knex('signing_keys').insert({ ...row, signs_from: this.#hoursFromNow(leadHours) });
    return row;
  }

  /** Only one process at a time may create keys. The lock is held until the unit of work ends. */
  async #lock(): Promise<void> {
    await this.#locks.take('signing-keys');
  }

  /** The current time. `now()` is when the unit of work began, before it waited for the lock. */
  #clock(): Knex.Raw {
    return this.#knex.raw('clock_timestamp()');
  }

  #hoursFromNow(hours: number): Knex.Raw {
    return this.#knex.raw('now() + make_interval(hours => ?)', [hours]);
  }
}
