import { Problem } from '../contract/problem.js';

/* Why an upload was refused. */

/** A field's name, made safe for a message because it comes from the sender. */
export const shown = (name: string): string => name.replace(/[^\p{L}\p{N} ._-]/gu, '').slice(0, 50);

export const malformed = (detail: string, headers: Record<string, string> = {}): Problem =>
  new Problem({ type: 'malformed-body', status: 400, title: 'Malformed body', detail, headers });

export const unavailable = (cause: Error & { remedy?: string }): Problem =>
  Object.assign(
    new Problem({
      type: 'file-store-unavailable',
      status: 503,
      title: 'Files cannot be stored at the moment',
      detail: 'Nothing was stored; try again in a moment.',
      headers: { 'retry-after': '30' },
    }),
    { cause, remedy: cause.remedy ?? 'Check that DATA_DIR has free space and that the file store can be reached.' },
  );

export const invalid = (field: string, message: string): Problem =>
  new Problem({
    type: 'validation-failed',
    status: 400,
    title: 'Validation failed',
    detail: message,
    errors: [{ in: 'body', pointer: `/${shown(field)}`, message }],
  });

export const tooLarge = (most: number, what: string): Problem =>
  new Problem({
    type: 'body-too-large',
    status: 413,
    title: 'Body too large',
    detail: `${what} may have at most ${most} bytes. Nothing was stored.`,
  });

export const wrongType = (field: string, found: string | null, types: readonly string[]): Problem =>
  new Problem({
    type: 'file-type-not-taken',
    status: 415,
    title: 'File type not accepted',
    detail: `The file in the field "${field}" is ${found ?? 'of an unknown type'}, whatever its name says. Send ${types.join(', ')}.`,
  });

export const overQuota = (): Problem =>
  new Problem({
    type: 'file-quota',
    status: 413,
    title: 'File quota exceeded',
    detail:
      'This organisation has used all of its storage for files. Remove some, or ask the operator for more storage. Nothing was stored.',
  });
