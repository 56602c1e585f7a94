import type { Yielder } from '@ilearn/core';

const partSize = 1024 * 1024;
/**
 * What stands at 0x80 to 0x9F, where ISO 8859-1 has control characters; five of them stand for nothing. TextDecoder of Node.js 20 decodes
 * windows-1252 as ISO 8859-1.
 */
const special = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';
/** Characters of no text. */
const control = /[^\P{Cc}\t\r\n]/u;
/** How UTF-8 writes what is not ASCII: in Windows-1252, such letters do not follow each other. */
const sequence = /[\xc2-\xf4][\x80-\xbf]/;

/**
 * Text in Windows-1252, in which spreadsheets of Windows save CSV, as UTF-8. Null if it may be something else: a file that is damaged or
 * partly UTF-8 is not guessed at.
 */
export async function fromWindows1252(bytes: Buffer, yielder: Yielder): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += partSize) {
    if (yielder.due()) await yielder.yield();
    // One byte more, so that no sequence is missed between two parts.
    const seen = bytes.toString('latin1', start, start + partSize + 1);
    if (sequence.test(seen)) return null;
    const text = seen.slice(0, partSize).replace(/[\x80-\x9f]/g, (letter) => special[letter.charCodeAt(0) - 0x80] as string);
    if (control.test(text)) return null;
    parts.push(Buffer.from(text));
  }
  return Buffer.concat(parts);
}
