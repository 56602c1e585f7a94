import { createHmac, timingSafeEqual } from 'node:crypto';
import type { PrivilegedCradle } from '@ilearn/core';

/** What an answer to an e-mail belongs to: the conversation with whoever asked, or one side conversation. */
export type Thread = { kind: 'ticket' | 'side'; id: string };

const letters = 'abcdefghijklmnopqrstuvwxyz234567';
const marks = { ticket: 't', side: 's' } as const;
const ID_BYTES = 16;
/** 80 bits: nobody guesses it, and the address stays below the 64 characters of RFC 5321 section 4.5.3.1.1. */
const MAC_BYTES = 10;
/** The mark, 16 bytes in 26 letters and 10 in 16. */
const shape = /^[ts][a-z2-7]{42}$/;

/**
 * Signed tokens in the Message-ID and the reply address of outgoing e-mails. Lower-case letters and digits alone (RFC 4648 section 6), since
 * mail servers change the case of addresses.
 */
export class MailTokens {
  readonly #secrets: PrivilegedCradle['secrets'];

  constructor({ secrets }: Pick<PrivilegedCradle, 'secrets'>) {
    this.#secrets = secrets;
  }

  async sign({ kind, id }: Thread): Promise<string> {
    const bytes = Buffer.from(id.replaceAll('-', ''), 'hex');
    return `${marks[kind]}${base32(bytes)}${base32(await this.#mac(kind, bytes))}`;
  }

  /** Null unless this portal signed it. */
  async verify(token: string): Promise<Thread | null> {
    if (!shape.test(token)) return null;
    const kind = token.startsWith('s') ? 'side' : 'ticket';
    const id = fromBase32(token.slice(1, 27)).subarray(0, ID_BYTES);
    const given = fromBase32(token.slice(27));
    if (!timingSafeEqual(given, await this.#mac(kind, id)) || base32(id) !== token.slice(1, 27)) return null;
    return { kind, id: id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') };
  }

  async #mac(kind: Thread['kind'], id: Uint8Array): Promise<Buffer> {
    const mac = createHmac('sha256', await this.#secrets.key('mail-threads'))
      .update(kind)
      .update(id)
      .digest();
    return mac.subarray(0, MAC_BYTES);
  }
}

/** The token in a Message-ID that this portal made: `<token.id@host>`; null for others. */
export const tokenIn = (messageId: string): string | null =>
  /^<?([ts][a-z2-7]{42})\.[0-9a-f-]{36}@/i.exec(messageId)?.[1]?.toLowerCase() ?? null;

/** Id of the outgoing e-mail in a Message-ID that this portal made. */
export const mailIn = (messageId: string): string | null =>
  /^<?[ts][a-z2-7]{42}\.([0-9a-f-]{36})@/i.exec(messageId)?.[1]?.toLowerCase() ?? null;

/** The token in a reply address, `helpdesk+token@host` (RFC 5233); null for others. */
export const tokenInAddress = (address: string): string | null =>
  /\+([ts][a-z2-7]{42})@/i.exec(address)?.[1]?.toLowerCase() ?? null;

export const replyAddress = (mailbox: string, token: string): string => mailbox.replace(/@(?=[^@]*$)/, `+${token}@`);

function base32(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += letters[(held >> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + letters[(held << (5 - bits)) & 31];
}

function fromBase32(text: string): Buffer {
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const letter of text) {
    held = (held << 5) | letters.indexOf(letter);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 255);
    held &= (1 << bits) - 1;
  }
  return Buffer.from(bytes);
}
