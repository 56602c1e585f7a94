import { Problem } from '../contract/problem.js';

/** Bytes from `from` to `to` (exclusive). */
export interface ByteRange {
  from: number;
  to: number;
}

/**
 * The range that a request asks for (RFC 9110 section 14.2); null: the whole file. Requests for several ranges and units other than bytes
 * are ignored, as the specification allows.
 *
 * @throws Problem 416 if the range lies outside the file
 */
export function rangeOf(header: string | undefined, bytes: number): ByteRange | null {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') return null;
  const from = first === '' ? Math.max(0, bytes - Number(last)) : Number(first);
  const to = first === '' || last === '' ? bytes : Math.min(bytes, Number(last) + 1);
  if (first !== '' && last !== '' && Number(last) < from) return null;
  if (from < to) return { from, to };
  throw new Problem({
    type: 'range-not-satisfiable',
    status: 416,
    title: 'Range not satisfiable',
    detail: `It has ${bytes} bytes.`,
    headers: { 'content-range': `bytes */${bytes}` },
  });
}

/** Whether one of the entity tags of `If-None-Match` is this one (weak comparison, RFC 9110 section 13.1.2). */
export const matches = (header: string | undefined, tag: string): boolean =>
  header !== undefined && (header.trim() === '*' || header.split(',').some((each) => each.trim().replace(/^W\//, '') === tag));
