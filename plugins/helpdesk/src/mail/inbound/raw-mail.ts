import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createGunzip, gzip } from 'node:zlib';

/** The Message-ID of a mail's header, or a hash of the mail: each mail is taken once. */
export function identityOf(header: Buffer, raw: Buffer): string {
  const end = /\r?\n\r?\n/.exec(header.toString('latin1'));
  const head = header.toString('latin1', 0, end?.index ?? header.length).replace(/\r?\n[ \t]+/g, ' ');
  const given = /^message-id:[ \t]*(<[^<>\s]{1,900}>)[ \t]*\r?$/im.exec(head)?.[1];
  // Only what a mail server passes on unchanged; anything else is told apart by the whole mail.
  return given !== undefined && /^[\x21-\x7e]+$/.test(given) ? given : `sha256:${createHash('sha256').update(raw).digest('hex')}`;
}

const compress = promisify(gzip);

/** As mails are stored: a type that no browser shows, whatever the mail holds. */
export const packed = (raw: Buffer): Promise<Buffer> => compress(raw);

/** The mail in a stored file. Never more than its size: the file is the portal's own. */
export async function unpacked(file: AsyncIterable<Uint8Array>, most: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of Readable.from(file).pipe(createGunzip()) as AsyncIterable<Buffer>) {
    bytes += part.byteLength;
    if (bytes > most) throw new Error('the stored mail is larger than it may be');
    parts.push(part);
  }
  return Buffer.concat(parts);
}
