import type { Yielder } from '@ilearn/core';

const partSize = 1024 * 1024;
/** Bytes that stand for nothing in Windows-1252, and those of no text. */
const nothing = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x81\x8d\x8f\x90\x9d]/;
/** How UTF-8 writes what is not ASCII: in Windows-1252, such letters do not follow each other. */
const sequence = /[\xc2-\xf4][\x80-\xbf]/;

/**
 * Text in Windows-1252, in which spreadsheets of Windows save CSV, as UTF-8. Null if it may be something else: a file that is damaged or
 * partly UTF-8 is not guessed at.
 */
export async function fromWindows1252(bytes: Buffer, yielder: Yielder): Promise<Buffer | null> {
  const decoder = new TextDecoder('windows-1252');
  const parts: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += partSize) {
    if (yielder.due()) await yielder.yield();
    // One byte more, so that no sequence is missed between two parts.
    const seen = bytes.toString('latin1', start, start + partSize + 1);
    if (nothing.test(seen) || sequence.test(seen)) return null;
    parts.push(Buffer.from(decoder.decode(bytes.subarray(start, start + partSize))));
  }
  return Buffer.concat(parts);
}
