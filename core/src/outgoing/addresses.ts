import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** Address ranges outside the public internet (IANA special-purpose address registries). */
const special4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
];
/** Special ranges within 2000::/3, the only range of IPv6 in use; all others are special. */
const special6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

export function blockListOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    list.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family);
  }
  return list;
}

const unusable4 = blockListOf(special4);
const unusable6 = blockListOf(special6);
const global6 = blockListOf(['2000::/3']);
const loopback = blockListOf(['127.0.0.0/8', '::1']);

/** The IPv4 address of an IPv4-mapped address, otherwise the address itself, without a zone. */
function plain(address: string): string {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  if (!isIPv6(bare)) return bare;
  // Normalised by the URL standard: ::ffff:7f00:1
  const { hostname } = new URL(`http://[${bare}]`);
  const mapped = /^\[::ffff:([0-9a-f]+):([0-9a-f]+)\]$/.exec(hostname);
  if (mapped === null) return hostname.slice(1, -1);
  const [high, low] = [Number.parseInt(mapped[1] as string, 16), Number.parseInt(mapped[2] as string, 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

export const inList = (list: BlockList, address: string): boolean => {
  const bare = plain(address);
  return list.check(bare, isIPv6(bare) ? 'ipv6' : 'ipv4');
};

export const isLoopbackAddress = (address: string): boolean => inList(loopback, address);

/**
 * Whether an address is on the public internet: not private, and not an address of this machine, the link, a cloud provider or
 * documentation.
 */
export function isPublicAddress(address: string): boolean {
  const bare = plain(address);
  if (isIPv4(bare)) return !unusable4.check(bare, 'ipv4');
  return isIPv6(bare) && global6.check(bare, 'ipv6') && !unusable6.check(bare, 'ipv6');
}
