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
      title: 'Files cannot be stored now',
      detail: 'Nothing was stored; try again in a moment.',
      headers: { 'retry-after': '30' },
    }),
    { cause, remedy: cause.remedy ?? 'See whether DATA_DIR has room and the store of files is reachable.' },
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
