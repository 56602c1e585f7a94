import { createHash } from 'node:crypto';
import { SourceFailed } from './failure.js';
import type { Requests } from './requests.js';
import { listAddress, type SourceSettings } from './settings.js';

/** Asked of the server, which may give less. */
const limit = 100;
/** Objects of a page of a server that gives more than it was asked for. */
const mostOnPage = 20_000;

/** Where reading a list has come to. */
export interface ListPosition {
  /** Index in {@link lists}. */
  list: number;
  /** Index of the name of the list that the server knows. */
  name: number;
  offset: number;
  /** Address of the next page that the server named; null: it is found by the offset. */
  next: string | null;
  /** Whether the server sorts by sourcedId; false once it has refused to. */
  sorted: boolean;
  /** Hash of the ids on the last page. */
  last: string | null;
  /** Number of objects that the server says there are; null: it does not say. */
  total: number | null;
}

/** The lists that are read, in this order, with other names under which some servers have them. */
export const lists = [
  { names: ['orgs', 'schools'], members: ['orgs', 'schools'], optional: false },
  { names: ['academicSessions', 'terms'], members: ['academicSessions', 'terms'], optional: true },
  { names: ['classes'], members: ['classes'], optional: false },
  { names: ['users'], members: ['users'], optional: false },
  { names: ['enrollments'], members: ['enrollments', 'enrolments'], optional: false },
] as const;
export type ListName = (typeof lists)[number]['names'][0];

export const begin = (list: number): ListPosition => ({
  list,
  name: 0,
  offset: 0,
  next: null,
  sorted: true,
  last: null,
  total: null,
});

export interface Page {
  objects: unknown[];
  /** Where to go on; null: the list has ended. */
  rest: ListPosition | null;
}

/**
 * Reads a page (OneRoster 1.2 Rostering Service §3.4.1). Goes on at the page that the server names, else by the number of objects received,
 * until a page is empty or the total is reached. A full page is no condition: a server may give fewer than are asked.
 *
 * @throws SourceFailed `changing` if the number of objects changes meanwhile, `incomplete` if the list ends before it
 */
export async function readPage(requests: Requests, settings: SourceSettings, at: ListPosition): Promise<Page> {
  const { names, members, optional } = lists[at.list] as (typeof lists)[number];
  const list = listAddress(settings, names[at.name] as string);
  const answer = await requests.get(addressOf(list, at));
  if (answer.status === 400 || answer.status === 422) {
    if (!at.sorted || at.offset > 0) throw new SourceFailed('refused');
    return { objects: [], rest: { ...at, sorted: false } };
  }
  if (answer.status !== 200) {
    if (at.offset === 0 && at.name + 1 < names.length) return { objects: [], rest: { ...at, name: at.name + 1 } };
    if (optional && at.offset === 0) return { objects: [], rest: null };
    throw new SourceFailed(answer.status === 403 ? 'forbidden' : 'not-found');
  }
  const objects = listIn(answer.body, members);
  if (objects.length > mostOnPage) throw new SourceFailed('too-large');
  const total = totalOf(answer.headers);
  if (at.total !== null && total !== null && at.total !== total) throw new SourceFailed('changing');
  const known = total ?? at.total;
  const offset = at.offset + objects.length;
  if (objects.length === 0) {
    if (known !== null && offset < known) throw new SourceFailed('incomplete');
    return { objects, rest: null };
  }
  const last = hashOf(objects);
  if (last === at.last) throw new SourceFailed('repeated-page');
  const next = nextIn(answer.headers, list);
  if (known !== null && offset >= known && next === null) return { objects, rest: null };
  return { objects, rest: { ...at, offset, next, last, total: known } };
}

function addressOf(list: URL, { next, offset, sorted }: ListPosition): URL {
  if (next !== null && isOfList(new URL(next), list)) return new URL(next);
  list.searchParams.set('limit', `${limit}`);
  list.searchParams.set('offset', `${offset}`);
  if (sorted) list.searchParams.set('sort', 'sourcedId');
  return list;
}

/** Servers differ in the name of the list; without any there is no answer, which is not the same as an empty one. */
function listIn(body: unknown, members: readonly string[]): unknown[] {
  const holder = body as Record<string, unknown> | null;
  for (const member of members) {
    const found = typeof holder === 'object' ? holder?.[member] : undefined;
    if (Array.isArray(found)) return found;
  }
  throw new SourceFailed('no-list');
}

function totalOf(headers: Headers): number | null {
  const text = headers.get('x-total-count');
  return text !== null && /^\d{1,9}$/.test(text.trim()) ? Number(text) : null;
}

/** The next page in `Link` (RFC 8288), with or without angle brackets. Only of the same list: the token is for nobody else. */
function nextIn(headers: Headers, list: URL): string | null {
  for (const [, bracketed, bare, parameters = ''] of (headers.get('link') ?? '').matchAll(
    /(?:<([^>]*)>|([^\s,;<>]+))\s*((?:;[^,]*)?)(?:,|$)/g,
  )) {
    if (!/;\s*rel\s*=\s*"?next"?\s*(?:;|$)/i.test(parameters)) continue;
    const text = bracketed ?? bare ?? '';
    const target = URL.canParse(text, list.href) ? new URL(text, list) : null;
    return target !== null && isOfList(target, list) ? target.href : null;
  }
  return null;
}

const isOfList = (target: URL, { origin, pathname }: URL): boolean =>
  target.origin === origin && target.pathname === pathname && target.username === '' && target.password === '';

const hashOf = (objects: readonly unknown[]): string =>
  createHash('sha256')
    .update(JSON.stringify(objects.map((each) => (each as { sourcedId?: unknown } | null)?.sourcedId ?? null)))
    .digest('base64url');
