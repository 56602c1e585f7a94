/**
 * Adds parameters to an address and keeps every other character: tools derive their redirect URI from the address at which they were
 * called, and redirect URIs are compared as text (RFC 3986 §6.2.1). `URL.searchParams` would rewrite the whole query. Replaces parameters
 * of the same name, because a parameter must not occur twice (RFC 6749 §3.1).
 *
 * @param address without a fragment
 * @returns ASCII, for use in a `Location` header
 */
export function withParameters(address: string, parameters: Record<string, string>): string {
  const mark = address.indexOf('?');
  const [path, query] = mark === -1 ? [address, ''] : [address.slice(0, mark), address.slice(mark + 1)];
  const kept = query === '' ? [] : query.split('&').filter((pair) => !Object.hasOwn(parameters, nameOf(pair)));
  return inAscii(`${path}?${[...kept, new URLSearchParams(parameters).toString()].join('&')}`);
}

const nameOf = (pair: string): string => new URLSearchParams(pair).keys().next().value ?? '';

const inAscii = (text: string): string => text.replace(/[^\x21-\x7e]+/g, encodeURIComponent);
