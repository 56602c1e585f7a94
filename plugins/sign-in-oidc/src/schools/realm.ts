import type { RealmKind } from '../protocols/contribution.js';

/** The tenant of private Microsoft accounts. */
export const consumerTenant = '9188040d-6c67-4c5b-b112-36a304b66dad';

/** Domains in which anybody gets an address. */
const publicDomains = ['gmail.com', 'googlemail.com', 'outlook.com', 'hotmail.com', 'live.com', 'telenet.be', 'skynet.be'];

const domain = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const tenant = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Part of a host name: anything else could lead a browser to another host. */
export const platform = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Whether a text, in lower case, can say which accounts belong to a school. */
export function isRealm(kind: RealmKind, text: string): boolean {
  switch (kind) {
    case 'domain':
      return domain.test(text) && !publicDomains.includes(text);
    case 'tenant':
      return tenant.test(text) && text !== consumerTenant && !/^[0-]+$/.test(text);
    case 'platform':
      return platform.test(text);
    case 'instellingsnummer':
      return /^[0-9]{6}$/.test(text);
    case 'none':
      return text === '';
  }
}
