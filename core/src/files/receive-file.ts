import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { FileDeclaration, Upload } from '../contract/files.js';
import { isPicture } from '../foundation/media-types.js';
import { type ContentType, contentType, HEAD_BYTES } from './content-type.js';
import { safeName } from './file-name.js';
import { encodePicture, thumbnailOf } from './picture.js';
import { Scan } from './scan.js';
import type { FileStorage, Spooled } from './storage.js';
import { invalid, malformed, overQuota, tooLarge, wrongType } from './upload-problems.js';

/** Maximum size of pictures that will be sealed: they are in memory while they are encoded. */
const PICTURE_BYTES = 64 * 1024 * 1024;

export interface FileReception {
  pluginId: string;
  kinds: Readonly<Record<string, FileDeclaration>>;
  /** Number of bytes that the caller's tenants may still store. */
  room: number;
  storage: FileStorage;
  clamav: { host: string; port: number } | undefined;
  /** Records an upload, so that its file can be found if this process is killed. */
  begin(id: string, kind: string): Promise<void>;
}

/** An upload with the kernel's own data about it. */
export interface Received extends Upload {
  plugin: string;
  kind: string;
  thumbnail: number | null;
  sealed: boolean;
}

/** What the multipart body says about a file. */
export interface Part {
  field: string;
  kind: string;
  name: string;
  type: string;
}

/**
 * Writes a file to the store as it arrives: checks its size and type, scans it for malware, and encodes pictures again.
 *
 * @throws Problem 400, 413, 415 or 422; whatever the store or the scanner throws
 */
export async function receiveFile(part: Readable, said: Part, reception: FileReception): Promise<Received> {
  const { pluginId: plugin, kinds, storage, clamav, begin } = reception;
  const { kind, field } = said;
  const declaration = kinds[kind] as FileDeclaration;
  const sealed = declaration.encrypt === true;
  const id = randomUUID();
  const of = { plugin, kind, id, thumbnail: false };
  const spooled: Spooled[] = [];
  const scan = clamav === undefined ? null : new Scan(clamav);
  const keep = async (source: AsyncIterable<Uint8Array>, thumbnail: boolean): Promise<Spooled> => {
    const file = await storage.spool(source, { ...of, thumbnail }, sealed);
    spooled.push(file);
    return file;
  };
  try {
    let found: ContentType | null = null;
    const checked = checkedBytes(part, said, declaration, reception.room, scan, (type) => {
      found = type;
    });
    let file = await keep(checked, false);
    const { type, extension } = found as unknown as ContentType;
    await scan?.finish();
    let thumbnail: Spooled | null = null;
    if (isPicture(type)) {
      if (file.plain.bytes > PICTURE_BYTES) throw tooLarge(PICTURE_BYTES, `A picture in the field "${field}"`);
      const original = file;
      file = await keep(encodePicture(storage.spooled(original, of), type), false);
      thumbnail = await keep(thumbnailOf(storage.spooled(original, of)), true);
      if (file.plain.bytes > declaration.maxBytes) throw tooLarge(declaration.maxBytes, `The file in the field "${field}"`);
    }
    await begin(id, kind);
    await storage.put(of, file);
    if (thumbnail !== null) await storage.put({ ...of, thumbnail: true }, thumbnail);
    const name = safeName(said.name, type, extension);
    return Object.freeze({ id, plugin, kind, name, type, ...file.plain, thumbnail: thumbnail?.plain.bytes ?? null, sealed });
  } finally {
    scan?.abandon();
    for (const each of spooled) await storage.discard(each);
  }
}

/** The bytes of a part; refuses it as soon as it is too large or of a type that is not accepted. */
async function* checkedBytes(
  part: Readable,
  { field, name, type }: Part,
  { maxBytes, types }: FileDeclaration,
  room: number,
  scan: Scan | null,
  tell: (type: ContentType) => void,
): AsyncGenerator<Uint8Array> {
  const head: Uint8Array[] = [];
  let bytes = 0;
  let judged = false;
  const judge = async (whole: boolean): Promise<void> => {
    judged = true;
    const found = await contentType(Buffer.concat(head).subarray(0, HEAD_BYTES), whole, types, {
      name,
      type: type.toLowerCase(),
    });
    if (found === null || !types.includes(found.type)) throw wrongType(field, found?.type ?? null, types);
    tell(found);
  };
  for await (const chunk of part as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw tooLarge(maxBytes, `The file in the field "${field}"`);
    if (bytes > room) throw overQuota();
    if (!judged) {
      head.push(chunk);
      if (bytes >= HEAD_BYTES) await judge(false);
    }
    await scan?.add(chunk);
    yield chunk;
  }
  // The body ended within this part.
  if (part.destroyed && !part.readableEnded) throw malformed('The body ended within a file.');
  if (bytes === 0) throw invalid(field, `The file in the field "${field}" is empty.`);
  if (!judged) await judge(true);
}
