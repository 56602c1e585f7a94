import { createHmac, timingSafeEqual } from 'node:crypto';
import type { PrivilegedCradle } from '@ilearn/core';

const BYTES_OF_ID = 16;

/** Signed tokens of the links with which people stop their e-mails without signing in (RFC 8058). They name a person and do not expire. */
export class Tokens {
  readonly #secrets: PrivilegedCradle['secrets'];

  constructor({ secrets }: Pick<PrivilegedCradle, 'secrets'>) {
    this.#secrets = secrets;
  }

  async sign(personId: string): Promise<string> {
    const id = Buffer.from(personId.replaceAll('-', ''), 'hex');
    return Buffer.concat([id, await this.#mac(id)]).toString('base64url');
  }

  /** Id of the person; null unless this portal signed the token. */
  async verify(token: string): Promise<string | null> {
    const bytes = Buffer.from(token, 'base64url');
    // Decoding ignores what is no base64url.
    if (bytes.toString('base64url') !== token) return null;
    const id = bytes.subarray(0, BYTES_OF_ID);
    const mac = await this.#mac(id);
    const given = bytes.subarray(BYTES_OF_ID);
    if (given.length !== mac.length || !timingSafeEqual(given, mac)) return null;
    return id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }

  async #mac(id: Uint8Array): Promise<Buffer> {
    return createHmac('sha256', await this.#secrets.key('unsubscribe'))
      .update(id)
      .digest();
  }
}
