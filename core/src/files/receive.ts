import type { IncomingMessage } from 'node:http';
import type { UploadFields } from '../contract/files.js';
import { Problem } from '../contract/problem.js';
import { drain, FIELD_BYTES, IDLE_MS, MOST_FIELDS, parseBody, parserFor } from './multipart.js';
import { type FileReception, type Received, receiveFile } from './receive-file.js';
import { invalid, malformed, shown, tooLarge, unavailable } from './upload-problems.js';

export interface Reception extends FileReception {
  fields: UploadFields;
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
        ? invalid(
            field,
            `The field "${shown(field)}" does not accept files. Fields that do: ${Object.keys(reception.fields).join(', ')}.`,
          )
        : filename === undefined
          ? invalid(field, `The field "${field}" must be a file: give its part a filename.`)
          : before.length >= limit
            ? invalid(field, `The field "${field}" accepts ${limit === 1 ? 'one file' : `at most ${limit} files`}.`)
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
      return fail(invalid(name, `The field "${name}" must be a file: give its part a filename.`));
    body.push([name, value]);
  });
  for (const limit of ['fieldsLimit', 'partsLimit'] as const) {
    parser.on(limit, () => fail(malformed(`The body has more than ${MOST_FIELDS} fields.`)));
  }
  request.socket.setTimeout(IDLE_MS);
  try {
    if (problem === null) await parseBody(request, parser, { most: most + MOST_FIELDS * FIELD_BYTES, stop: stop.signal, fail });
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

function greatest({ fields, kinds }: Reception): number {
  return Object.values(fields).reduce<number>((sum, wish) => {
    const [kind, most] = typeof wish === 'string' ? [wish, 1] : [wish.kind, wish.max];
    return sum + most * (kinds[kind]?.maxBytes ?? 0);
  }, 0);
}
