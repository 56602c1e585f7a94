import { createHash, randomBytes } from 'node:crypto';

/** New in each process; without it, an address could be found by hashing all addresses. */
const salt = randomBytes(16);

const byId = 'id ';
export const callerOf = (id: string | null | undefined, address: string): string =>
  id == null ? `network ${networkOf(address)}` : `${byId}${id}`;

/** A hash that does not reveal the caller. For callers with an id, which cannot be guessed, it is the same in every process. */
export function hashCaller(caller: string): string {
  const hash = createHash('sha256');
  if (!caller.startsWith(byId)) hash.update(salt);
  return hash.update(caller).digest('base64url').slice(0, 16);
}

/** The network of a client's address; for IPv6 the first 64 bits, which usually belong to one household. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').split('%')[0] as string;
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.toLowerCase().split('::');
  const groups = head.split(':').filter((group) => group !== '');
  const rest = (tail ?? '').split(':').filter((group) => group !== '');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - rest.length);
  return [...groups, ...Array.from({ length: zeros }, () => '0'), ...rest]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
