import { isIP } from 'node:net';
import { blockListOf, inList, isLoopbackAddress, isPublicAddress } from './addresses.js';

/** What a portal may call in addition to the public internet over https. */
export interface OutgoingPolicy {
  /** The portal is reachable only on this machine; so are its tools, which may then be called over http too. */
  local: boolean;
  hosts: ReadonlySet<string>;
  ranges: ReturnType<typeof blockListOf>;
}

/** @param allowed host names and address ranges of `OUTGOING_PRIVATE` */
export function policyOf(portalUrl: string, allowed: readonly string[]): OutgoingPolicy {
  const isAddress = (one: string) => isIP(one.split('/')[0] as string) !== 0;
  return {
    local: isThisMachine(new URL(portalUrl).hostname),
    hosts: new Set(allowed.filter((one) => !isAddress(one)).map((one) => one.toLowerCase())),
    ranges: blockListOf(allowed.filter(isAddress)),
  };
}

/** The host of a URL without the brackets of an IPv6 address. */
export const bareHost = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

/** Whether the text of a host denotes this machine: `localhost`, `127.0.0.1`. */
export function isThisMachine(hostname: string): boolean {
  const host = bareHost(hostname);
  return isIP(host) === 0 ? /(^|\.)localhost\.?$/.test(host) : isLoopbackAddress(host);
}

/** Ranges to which a name given by the operator must not resolve: unspecified, link-local (including cloud metadata), multicast. */
const neverNamed = blockListOf(['0.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3', '::', 'fe80::/10', 'ff00::/8', 'fd00:ec2::254']);

/** @param trusted the operator named the host for the calling plugin */
export const mayReach = (given: OutgoingPolicy, host: string, address: string, trusted = false): boolean =>
  isPublicAddress(address) ||
  (given.local && isLoopbackAddress(address)) ||
  given.hosts.has(host) ||
  inList(given.ranges, address) ||
  (trusted && (host === address || !inList(neverNamed, address)));

/** Whether the text of a host denotes a private host that may not be called. Names are not resolved. */
export function isPrivateHost(given: OutgoingPolicy, hostname: string, trusted = false): boolean {
  const host = bareHost(hostname);
  if (isIP(host) !== 0) return !mayReach(given, host, host, trusted);
  return isThisMachine(host) && !given.local && !trusted && !given.hosts.has(host);
}

let policy = policyOf('https://portal.invalid', []);

/** Set by the portal of this process; read only by `outgoingRefusal`. */
export function setOutgoingPolicy(given: OutgoingPolicy): void {
  policy = given;
}

/**
 * Why the portal would refuse to call an address for a plugin that may call any host; null if it would not. For addresses that people enter
 * and browsers visit. Names are not resolved.
 */
export function outgoingRefusal(address: string | URL): string | null {
  if (!URL.canParse(address)) return 'It is not an address.';
  const { protocol, hostname, username, password } = new URL(address);
  if (protocol !== 'https:' && !(protocol === 'http:' && policy.local)) return 'It must be https.';
  if (username !== '' || password !== '') return 'It must not contain a user name or password.';
  if (!isPrivateHost(policy, hostname)) return null;
  return 'It points to a private address. The operator can allow it in OUTGOING_PRIVATE.';
}
