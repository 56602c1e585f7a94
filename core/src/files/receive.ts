import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type Readable, Transform } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import busboy from 'busboy';
import type { FileDeclaration, Upload, UploadFields } from '../contract/files.js';
import { Problem } from '../contract/problem.js';
import { isPicture } from '../foundation/media-types.js';
import { type ContentType, contentType, HEAD_BYTES } from './content-type.js';
import { safeName } from './file-name.js';
import { encodePicture, thumbnailOf } from './picture.js';
import { Scan } from './scan.js';
import type { FileStorage, Spooled } from './storage.js';

/** A sender that sends nothing for this long is disconnected. */
const IDLE_MS = 30_000;
/** After a refusal, this much is read and discarded, so that the sender reads the answer. */
const DRAIN = { bytes: 64 * 1024 * 1024, ms: 5_000 };
const MOST_FIELDS = 200;
const FIELD_BYTES = 256 * 1024;
/** Maximum size of pictures that will be sealed: they are in memory while they are encoded. */
const PICTURE_BYTES = 64 * 1024 * 1024;

export interface Reception {
  pluginId: string;
  fields: UploadFields;
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

export interface Multipart {
  /** Fields without files. */
  body: [string, string][];
  uploads: Record<string, Received | Received[]>;
}

/**
 * Reads a multipart body. Files are written to disk and the store as they arrive, never held in memory as a whole. If anything is refused,
 * nothing of the body is kept except the records made by {@link Reception.begin}.
 *
 * @throws Problem 400, 413, 415, 422 or 503, with the field
 */
export async function receive(request: IncomingMessage, reception: Reception): Promise<Multipart> {
  const parser = parserFor(request);
  const most = greatest(reception);
  const length = Number(request.headers['content-length'] ?? 0);
  const body: [string, string][] = [];
  const found = new Map<string, Promise<Received>[]>();
  const stop = new AbortController();
  let problem: unknown = null;
  const fail = (error: unknown): void => {
    problem ??= error;
    stop.abort();
  };
  if (length > most + MOST_FIELDS * FIELD_BYTES) fail(tooLarge(most, 'All files together'));
  parser.on('file', (field, part, { filename, mimeType }) => {
    // The reader of the part gets the error; without this listener, an error of an unread part would end the process.
    part.on('error', () => {});
    const wish = Object.hasOwn(reception.fields, field) ? reception.fields[field] : undefined;
    const before = found.get(field) ?? [];
    // A form sends an empty part for a file field without a selection.
    if (wish !== undefined && filename === '') return void part.resume();
    const limit = typeof wish === 'object' ? wish.max : 1;
    const refusal =
      wish === undefined
        ? invalid(field, `There is no field "${shown(field)}" for a file here: send ${Object.keys(reception.fields).join(', ')}.`)
        : filename === undefined
          ? invalid(field, `The field "${field}" holds a file: give its part a filename.`)
          : before.length >= limit
            ? invalid(field, `The field "${field}" takes ${limit === 1 ? 'one file' : `at most ${limit} files`}.`)
            : null;
    if (refusal !== null) {
      part.resume();
      return fail(refusal);
    }
    const kind = typeof wish === 'string' ? wish : (wish as { kind: string }).kind;
    const upload = receiveFile(part, { field, kind, name: filename as string, type: mimeType }, reception);
    upload.catch((error) => {
      part.resume();
      fail(error instanceof Problem ? error : unavailable(error));
    });
    found.set(field, [...before, upload]);
  });
  parser.on('field', (name, value, { nameTruncated, valueTruncated }) => {
    if (nameTruncated || valueTruncated) return fail(tooLarge(FIELD_BYTES, `The field "${shown(name)}"`));
    if (Object.hasOwn(reception.fields, name))
      return fail(invalid(name, `The field "${name}" holds a file: give its part a filename.`));
    body.push([name, value]);
  });
  for (const limit of ['fieldsLimit', 'partsLimit'] as const) {
    parser.on(limit, () => fail(malformed(`The body has more than ${MOST_FIELDS} fields.`)));
  }
  request.socket.setTimeout(IDLE_MS);
  try {
    if (problem === null) await passOn(request, counted(most + MOST_FIELDS * FIELD_BYTES), parser, stop.signal, fail);
    // Wait for all files, so that none is still being processed when the answer is sent.
    await Promise.allSettled([...found.values()].flat());
    if (problem !== null) throw problem;
    const uploads: Multipart['uploads'] = {};
    for (const [field, wish] of Object.entries(reception.fields)) {
      const files = await Promise.all(found.get(field) ?? []);
      const least = typeof wish === 'object' ? (wish.min ?? 0) : 1;
      if (files.length < least) throw invalid(field, `The field "${field}" needs ${least === 1 ? 'a file' : `${least} files`}.`);
      uploads[field] = typeof wish === 'object' ? files : (files[0] as Received);
    }
    return { body, uploads };
  } catch (error) {
    await drain(request);
    throw error;
  } finally {
    request.socket.setTimeout(0);
  }
}

/**
 * Resolves when the body was read, or part of it was refused; in that case the parser is stopped, and the rest of the request is not
 * parsed.
 */
async function passOn(
  request: IncomingMessage,
  counter: Transform,
  parser: ReturnType<typeof busboy>,
  stop: AbortSignal,
  fail: (error: unknown) => void,
): Promise<void> {
  const broken = () => fail(malformed('The body ended before its last boundary, or is not multipart/form-data.'));
  const gone = () => {
    if (!request.complete) broken();
  };
  request.on('error', broken).on('close', gone);
  counter.on('error', fail);
  parser.on('error', broken);
  const over = new Promise<void>((resolve) => {
    parser.once('close', resolve);
    stop.addEventListener('abort', () => resolve());
  });
  request.pipe(counter).pipe(parser);
  await over;
  request.off('close', gone);
  if (!stop.aborted) return;
  request.unpipe(counter);
  counter.destroy();
  parser.destroy();
}

function parserFor(request: IncomingMessage): ReturnType<typeof busboy> {
  if (!/^multipart\/form-data\b/i.test(request.headers['content-type'] ?? '')) {
    throw new Problem({
      type: 'unsupported-media-type',
      status: 415,
      title: 'Unsupported media type',
      detail: 'Send multipart/form-data.',
      headers: { connection: 'close' },
    });
  }
  try {
    return busboy({
      headers: request.headers,
      defParamCharset: 'utf8',
      limits: { fields: MOST_FIELDS, parts: 2 * MOST_FIELDS, fieldSize: FIELD_BYTES, fieldNameSize: 200 },
    });
  } catch {
    throw malformed('The Content-Type names no boundary.', { connection: 'close' });
  }
}

interface Part {
  field: string;
  kind: string;
  name: string;
  type: string;
}

async function receiveFile(part: Readable, said: Part, reception: Reception): Promise<Received> {
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

/** Ends a body that is longer than everything that could be accepted. */
function counted(most: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.byteLength;
      if (bytes > most) done(tooLarge(most, 'The body'));
      else done(null, chunk);
    },
  });
}

function greatest({ fields, kinds }: Reception): number {
  return Object.values(fields).reduce<number>((sum, wish) => {
    const [kind, most] = typeof wish === 'string' ? [wish, 1] : [wish.kind, wish.max];
    return sum + most * (kinds[kind]?.maxBytes ?? 0);
  }, 0);
}

async function drain(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return;
  let bytes = 0;
  const over = new AbortController();
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.byteLength;
    if (bytes > DRAIN.bytes) over.abort();
  });
  for (const event of ['end', 'close', 'error']) request.once(event, () => over.abort());
  request.resume();
  await pause(DRAIN.ms, undefined, { signal: over.signal }).catch(() => {});
}

/** A field's name, made safe for a message because it comes from the sender. */
const shown = (name: string): string => name.replace(/[^\p{L}\p{N} ._-]/gu, '').slice(0, 50);

const malformed = (detail: string, headers: Record<string, string> = {}): Problem =>
  new Problem({ type: 'malformed-body', status: 400, title: 'Malformed body', detail, headers });

const unavailable = (cause: Error & { remedy?: string }): Problem =>
  Object.assign(
    new Problem({
      type: 'file-store-unavailable',
      status: 503,
      title: 'Files cannot be stored now',
      detail: 'Nothing was stored; try again in a moment.',
      headers: { 'retry-after': '30' },
    }),
    { cause, remedy: cause.remedy ?? 'See whether DATA_DIR has room and the store of files is reachable.' },
  );

const invalid = (field: string, message: string): Problem =>
  new Problem({
    type: 'validation-failed',
    status: 400,
    title: 'Validation failed',
    detail: message,
    errors: [{ in: 'body', pointer: `/${shown(field)}`, message }],
  });

const tooLarge = (most: number, what: string): Problem =>
  new Problem({
    type: 'body-too-large',
    status: 413,
    title: 'Body too large',
    detail: `${what} may have at most ${most} bytes. Nothing was stored.`,
  });

const wrongType = (field: string, found: string | null, types: readonly string[]): Problem =>
  new Problem({
    type: 'file-type-not-taken',
    status: 415,
    title: 'Files of this type are not taken',
    detail: `The file in the field "${field}" holds ${found ?? 'nothing that is known here'}, whatever its name says. Send ${types.join(', ')}.`,
  });

export const overQuota = (): Problem =>
  new Problem({
    type: 'file-quota',
    status: 413,
    title: 'No room for more files',
    detail:
      'The files of this organisation take all the room that they have. Remove some, or ask the operator for more. Nothing was stored.',
  });
