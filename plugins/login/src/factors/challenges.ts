import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Dependencies } from '../dependencies.js';

const minutes = 5;
const randomLength = 16;
const length = randomLength + 8 + 32;

/**
 * Challenges of WebAuthn. A challenge is random bytes, its end, and a MAC of both with what it is for: a session, or a browser that signs in.
 * So nothing is stored for pages that only ask for one. What is stored is that a challenge, or another secret that works once, was used.
 */
export class Challenges {
  readonly #knex: Dependencies['knex'];
  readonly #secrets: Dependencies['secrets'];
  readonly #clock: Dependencies['clock'];

  constructor({ knex, secrets, clock }: Dependencies) {
    this.#knex = knex;
    this.#secrets = secrets;
    this.#clock = clock;
  }

  /** A challenge that can be used once, for five minutes. `use`: such as `sign-in <browser>`; only the same text can take it. */
  async make(use: string): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = Buffer.alloc(randomLength + 8);
    randomBytes(randomLength).copy(bytes);
    bytes.writeBigUInt64BE(BigInt(this.#clock.now().getTime() + minutes * 60_000), randomLength);
    return new Uint8Array(Buffer.concat([bytes, await this.#mac(bytes, use)]));
  }

  /** Whether the challenge was made for this use, has not ended and was not used before. It is used from then on. */
  async take(use: string, challenge: string): Promise<boolean> {
    const bytes = Buffer.from(challenge, 'base64url');
    if (bytes.length !== length) return false;
    const signed = bytes.subarray(0, randomLength + 8);
    if (!timingSafeEqual(bytes.subarray(randomLength + 8), await this.#mac(signed, use))) return false;
    const expires_at = new Date(Number(signed.readBigUInt64BE(randomLength)));
    if (expires_at <= this.#clock.now()) return false;
    return this.useOnce(`challenge ${signed.toString('base64url')}`, expires_at);
  }

  /**
   * Whether this is the first use of a secret, of which only a keyed hash is stored, until `expires_at`. It names nobody, so it is stored for
   * people whose data are restricted too, whose own rows do not change.
   */
  async useOnce(secret: string, expires_at: Date): Promise<boolean> {
    const key_hash = createHmac('sha256', await this.#secrets.key('used-once'))
      .update(secret)
      .digest();
    const used = await this.#knex('used_once')
      .insert({ key_hash, expires_at })
      .onConflict('key_hash')
      .ignore()
      .returning('key_hash');
    return used.length === 1;
  }

  removeExpired(): Promise<number> {
    return this.#knex('used_once').where('expires_at', '<=', this.#clock.now()).delete();
  }

  async #mac(bytes: Uint8Array, use: string): Promise<Buffer> {
    return createHmac('sha256', await this.#secrets.key('challenges'))
      .update(bytes)
      .update(use)
      .digest();
  }
}
