import { timingSafeEqual } from 'node:crypto';
import type { Dependencies } from '../dependencies.js';
import type { Hashes } from '../hashes.js';

/**
 * The secret link with which the contact follows an entry. It is made anew from the id with a key of this portal, so that every letter has
 * the same link and the database holds none.
 */
export class FollowLinks {
  readonly #hashes: Hashes;

  constructor({ hashes }: Dependencies & { hashes: Hashes }) {
    this.#hashes = hashes;
  }

  async tokenOf(entryId: string): Promise<string> {
    return `${entryId}.${(await this.#hashes.keyed('follow', entryId)).toString('base64url')}`;
  }

  /** Id of the entry; null for a token that this portal did not make. */
  async entryOf(token: string): Promise<string | null> {
    const [id = '', proof = ''] = token.split('.');
    const expected = await this.#hashes.keyed('follow', id);
    const given = Buffer.from(proof, 'base64url');
    return given.length === expected.length && timingSafeEqual(given, expected) ? id : null;
  }
}
