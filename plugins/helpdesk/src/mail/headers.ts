import { addressesIn, domainOf } from './addresses.js';

/** Header fields in the order of the mail, with lower-case names and unfolded values. */
export type Headers = readonly (readonly [name: string, value: string])[];

export const valuesOf = (headers: Headers, name: string): string[] =>
  headers.flatMap(([key, value]) => (key === name ? [value] : []));
const first = (headers: Headers, name: string): string => valuesOf(headers, name)[0] ?? '';

/** Fields that are judged are short; longer ones would only take time. */
const withoutComments = (value: string): string => value.slice(0, 4_000).replace(/\([^)]*\)/g, ' ');

/** A value without its comments and parameters: `auto-replied (vacation); owner=…` is `auto-replied`. */
const keyword = (value: string): string => withoutComments(value).split(';')[0]?.trim().toLowerCase() ?? '';

/**
 * Whether a program wrote the mail: RFC 3834 section 5 (`no` is a person, everything else a program), the older `Precedence`, lists
 * (RFC 2919), and an empty return path (RFC 5321 section 4.5.5).
 */
export function isAutomatic(headers: Headers): boolean {
  const submitted = valuesOf(headers, 'auto-submitted').map(keyword);
  if (submitted.some((value) => value !== '' && value !== 'no')) return true;
  if (valuesOf(headers, 'precedence').some((value) => ['bulk', 'junk', 'list', 'auto_reply'].includes(keyword(value))))
    return true;
  if (valuesOf(headers, 'return-path').some((value) => value.replace(/\s/g, '') === '<>')) return true;
  return ['x-autoreply', 'x-autorespond', 'x-auto-reply', 'list-id', 'x-failed-recipients'].some(
    (name) => !['', 'no', 'false'].includes(first(headers, name).trim().toLowerCase()),
  );
}

/** `pass`: the sender's domain vouches for the mail; `fail`: it says that it is not; `none`: nothing is known. */
export type Authentication = 'pass' | 'fail' | 'none';

/**
 * What the operator's own mail server found (RFC 8601): the topmost Authentication-Results of that server alone, since anybody may write
 * such a field, and a server only removes those in its own name. DMARC (RFC 7489) binds the result to the domain of the From field.
 *
 * @param host the name with which that server signs the field; empty: none is believed
 */
export function authenticationOf(headers: Headers, host: string, from: string): Authentication {
  if (host === '') return 'none';
  const fields = valuesOf(headers, 'authentication-results').map(withoutComments);
  const own = fields.find((value) => value.split(';')[0]?.trim().split(/\s/)[0]?.toLowerCase() === host.toLowerCase());
  if (own === undefined) return 'none';
  const dmarc = own.split(';').find((part) => /^\s*dmarc\s*=/i.test(part));
  if (dmarc === undefined) return 'none';
  const result = /^\s*dmarc\s*=\s*([a-z]+)/i.exec(dmarc)?.[1]?.toLowerCase();
  if (result === 'fail') return 'fail';
  const domain = /\bheader\.from\s*=\s*"?([^\s;"]+)/i.exec(dmarc)?.[1]?.toLowerCase();
  // A result for another domain says nothing about this sender.
  return result === 'pass' && domain !== undefined && domainOf(domain) === domainOf(from) ? 'pass' : 'none';
}

/** Ids that a mail names, nearest first: In-Reply-To, then References from the last (RFC 5322 section 3.6.4). At most 1,000. */
export function referencesOf(headers: Headers): string[] {
  const ids = (name: string) => valuesOf(headers, name).flatMap((value) => value.match(/<[^<>\s]{1,900}>/g) ?? []);
  return [...new Set([...ids('in-reply-to'), ...ids('references').reverse()])].slice(0, 1_000);
}

/** Addresses to which the mail went, as far as its fields tell. */
export const recipientsOf = (headers: Headers): string[] =>
  ['to', 'cc', 'delivered-to', 'x-original-to', 'envelope-to']
    .flatMap((name) => valuesOf(headers, name))
    .flatMap(addressesIn)
    .slice(0, 1_000);

/** Exchange refuses header fields above 32 kB. */
const REFERENCES_BYTES = 30_000;

/** The newest of these ids, oldest first, that fit in a References field. The first is kept, as RFC 5322 asks, if there is room. */
export function cappedReferences(ids: readonly string[], most = REFERENCES_BYTES): string {
  const kept: string[] = [];
  let bytes = 0;
  for (const id of [...new Set(ids)].reverse()) {
    bytes += id.length + 1;
    if (bytes > most) break;
    kept.unshift(id);
  }
  return kept.join(' ');
}
