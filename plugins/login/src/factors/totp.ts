import { createHmac, randomBytes } from 'node:crypto';

const stepSeconds = 30;
const digits = 6;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A new secret of 160 bits (RFC 4226 §4), in Base32 (RFC 4648 §6) without padding. */
export function newTotpSecret(): string {
  let bits = 0n;
  for (const byte of randomBytes(20)) bits = (bits << 8n) | BigInt(byte);
  return Array.from({ length: 32 }, (_, index) => alphabet[Number((bits >> BigInt(5 * (31 - index))) & 31n)]).join('');
}

function bytesOf(secret: string): Buffer {
  let bits = 0n;
  for (const letter of secret) bits = (bits << 5n) | BigInt(alphabet.indexOf(letter));
  return Buffer.from(bits.toString(16).padStart((secret.length * 5) / 4, '0'), 'hex');
}

/** Number of the time step of a moment (RFC 6238 §4.2). */
export const stepAt = (moment: Date): number => Math.floor(moment.getTime() / 1000 / stepSeconds);

/** The code of a time step: HOTP with HMAC-SHA-1 and six digits (RFC 4226 §5.3). */
export function codeAt(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac('sha1', bytesOf(secret)).update(counter).digest();
  const number = hash.readUInt32BE((hash[19] as number) & 0xf) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

/** The step of which this is the code: the current one, the one before or the one after (RFC 6238 §5.2). Null if it is of none of them. */
export function stepOfCode(secret: string, code: string, now: Date): number | null {
  const current = stepAt(now);
  return [current, current - 1, current + 1].find((step) => codeAt(secret, step) === code) ?? null;
}

/** The address that authenticator apps read from a QR code. */
export const totpAddress = (secret: string, { issuer, account }: { issuer: string; account: string }): string =>
  `otpauth://totp/${encodeURIComponent(`${issuer}:${account}`)}?${new URLSearchParams({ secret, issuer })}`;
