import { isIPv6 } from 'node:net';

/**
 * The part of a client's address that a household or school shares: the whole IPv4 address, or the first 64 bits of an IPv6 address
 * (clients choose the rest themselves, RFC 8981).
 */
export function addressBlock(address: string): string {
  const bare = address.replace(/%.*$/, '');
  if (!isIPv6(bare)) return address;
  const [head = '', tail] = bare.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, asGroups).split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const filled = [...front, ...Array<string>(8 - front.length - back.length).fill('0'), ...back];
  const groups = filled.map((group) => Number.parseInt(group, 16));
  const [high, low] = groups.slice(6) as [number, number];
  // An IPv4 address in an IPv6 one, RFC 4291 section 2.5.5.2.
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  }
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

/** The last four bytes of an address as two groups: `192.0.2.7` as `c000:207`. */
const asGroups = (_: string, ...bytes: string[]): string => {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.map(Number);
  return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
};
