import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Dependencies } from './dependencies.js';

/** A new secret for a link: 256 bits, which nobody guesses. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** What is stored of such a secret. SHA-256 suffices for one that cannot be guessed. */
export const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Keyed hashes, for what could be guessed: addresses, and links that are made anew from an id. */
export class Hashes {
  readonly #secrets: Dependencies['secrets'];

  constructor({ secrets }: Dependencies) {
    this.#secrets = secrets;
  }

  /** HMAC-SHA-256 of a text, with a key of this purpose. */
  async keyed(purpose: string, text: string): Promise<Buffer> {
    const key = await this.#secrets.key('hashes');
    return createHmac('sha256', key)
      .update(JSON.stringify([purpose, text]))
      .digest();
  }
}
