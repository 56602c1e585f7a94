import { setImmediate as turn } from 'node:timers/promises';
import { Zip, ZipDeflate } from 'fflate';

/** Number of bytes compressed at once, in about three milliseconds. */
const SLICE = 64 * 1024;
/** Maximum size without the format's 64-bit extension. */
const MOST_BYTES = 4_000_000_000;

/** A file of an archive. */
export interface ZipEntry {
  /** Path in the archive. */
  name: string;
  content: AsyncIterable<Uint8Array | string>;
}

/**
 * A zip archive of up to 4 GB, generated while it is read: one slice of it is in memory at a time, and other work runs in between. The
 * answer of a route whose response is `application/zip`.
 */
export async function* zipStream(entries: AsyncIterable<ZipEntry>): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  let failure: Error | null = null;
  let bytes = 0;
  const zip = new Zip((error, data) => {
    failure ??= error;
    ready.push(data);
  });
  const taken = (): Uint8Array[] => {
    if (failure !== null) throw failure;
    const now = ready;
    ready = [];
    bytes += now.reduce((sum, each) => sum + each.length, 0);
    if (bytes > MOST_BYTES) throw new Error(`the archive would have more than ${MOST_BYTES} bytes`);
    return now;
  };
  for await (const { name, content } of entries) {
    const entry = new ZipDeflate(name, { level: 6 });
    zip.add(entry);
    for await (const slice of slices(content)) {
      entry.push(slice);
      yield* taken();
      await turn();
    }
    entry.push(new Uint8Array(), true);
    yield* taken();
  }
  zip.end();
  yield* taken();
}

/** Joins small pieces and cuts large ones. */
async function* slices(content: AsyncIterable<Uint8Array | string>): AsyncGenerator<Uint8Array> {
  let text = '';
  for await (const piece of content) {
    if (typeof piece === 'string') {
      text += piece;
      if (text.length < SLICE) continue;
    }
    yield* cut(Buffer.from(text));
    text = '';
    if (typeof piece !== 'string') yield* cut(piece);
  }
  yield* cut(Buffer.from(text));
}

function* cut(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += SLICE) yield bytes.subarray(at, at + SLICE);
}

/** The same bytes in parts of equal size; the last may be smaller. */
export async function* inParts(stream: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const piece of stream) {
    held.push(piece);
    length += piece.length;
    if (length < size) continue;
    const whole = Buffer.concat(held);
    const rest = whole.length % size;
    for (let at = 0; at + size <= whole.length; at += size) yield whole.subarray(at, at + size);
    held = rest === 0 ? [] : [whole.subarray(whole.length - rest)];
    length = rest;
  }
  if (length > 0) yield Buffer.concat(held);
}
