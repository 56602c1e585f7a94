import { createHmac } from 'node:crypto';
import type { Position } from '../contract/position.js';
import { Problem } from '../contract/problem.js';
import { derivedKey } from '../foundation/derived-key.js';
import { NONCE_BYTES, openText, sealText } from '../foundation/sealed-text.js';

const textPattern = /^[A-Za-z0-9_-]+$/;

/** Parameters that may differ between pages of the same list. */
const ofPage = ['after', 'limit'];

/** The list to which a cursor belongs: its route, its path, and every parameter of the query that filters or sorts it. */
export function listOf(route: string, path: string, query: URLSearchParams): string {
  const filter = [...query].filter(([name]) => !ofPage.includes(name)).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return JSON.stringify([route, path, filter]);
}

/**
 * Cursors of lists: the position after which a page begins, sealed so that it cannot be changed, used for another list, or read in the logs of
 * proxies, since sort keys may be names. AES-256-GCM, with a nonce that is the HMAC of its content: the same position gives the same cursor,
 * so answers keep their ETag.
 */
export class Cursors {
  readonly #nonces: Uint8Array;
  readonly #key: Uint8Array;

  constructor(master: Uint8Array) {
    this.#nonces = derivedKey(master, 'kernel/cursor-nonces');
    this.#key = derivedKey(master, 'kernel/cursors');
  }

  seal(list: string, position: Position): string {
    const text = JSON.stringify(position);
    const nonce = createHmac('sha256', this.#nonces)
      .update(JSON.stringify([list, text]))
      .digest()
      .subarray(0, NONCE_BYTES);
    return sealText(this.#key, text, list, nonce).toString('base64url');
  }

  /** @throws Problem 400 if it is not a cursor of this list */
  open(list: string, cursor: string): Position {
    try {
      const bytes = Buffer.from(cursor, 'base64url');
      // Base64url ignores some changes of the last character; only the text that was given out is accepted.
      if (!textPattern.test(cursor) || bytes.toString('base64url') !== cursor) throw new Error('not base64url');
      return JSON.parse(openText(this.#key, bytes, list)) as Position;
    } catch {
      throw new Problem({
        type: 'unknown-cursor',
        status: 400,
        title: 'Unknown cursor',
        detail: 'Follow the link rel="next" of the page before unchanged, and begin anew when you change the filter.',
        errors: [{ in: 'query', pointer: '/after', message: 'is not a cursor of this list' }],
      });
    }
  }
}
