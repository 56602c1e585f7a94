import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Dependencies } from '../dependencies.js';

const keptDays = 180;
/** Many, because pupils share classroom tablets. */
const mostAccounts = 32;
const part = /^[A-Za-z0-9_-]{22}$/;

interface Device {
  id: string;
  /** One for each account that signed in on this device, latest first. */
  tags: string[];
}

/**
 * Remembers in a cookie which accounts have signed in on a device ("device cookies" of the OWASP Authentication Cheat Sheet). The cookie
 * contains a random id and, for each account, a keyed hash of that id and the username: only this portal can create it, and it contains no
 * names.
 */
export class KnownDevices {
  readonly #secrets: Dependencies['secrets'];
  readonly #portal: Dependencies['portal'];

  constructor({ secrets, portal }: Dependencies) {
    this.#secrets = secrets;
    this.#portal = portal;
  }

  /** The device's id if this account has signed in on it before; otherwise null. */
  async idFor(username: string, cookies: string | undefined): Promise<string | null> {
    const device = this.#read(cookies);
    if (device === null) return null;
    const tag = await this.#tag(device.id, username);
    return device.tags.some((one) => sameText(one, tag)) ? device.id : null;
  }

  /** The `Set-Cookie` header that adds the account to this device. */
  async remember(username: string, cookies: string | undefined): Promise<string> {
    const { id, tags } = this.#read(cookies) ?? { id: randomBytes(16).toString('base64url'), tags: [] };
    const tag = await this.#tag(id, username);
    const value = [id, tag, ...tags.filter((one) => one !== tag)].slice(0, mostAccounts + 1).join('.');
    const attributes = ['Path=/api/login', 'HttpOnly', 'SameSite=Strict', `Max-Age=${keptDays * 86_400}`];
    if (this.#secure) attributes.push('Secure');
    return `${this.#name}=${value}; ${attributes.join('; ')}`;
  }

  get #secure(): boolean {
    return this.#portal.url.startsWith('https:');
  }

  get #name(): string {
    return this.#secure ? '__Secure-ilearn-device' : 'ilearn-device';
  }

  #read(cookies = ''): Device | null {
    const given = cookies.split(/;\s*/).find((one) => one.startsWith(`${this.#name}=`));
    const [id, ...tags] = given?.slice(this.#name.length + 1).split('.') ?? [];
    return id !== undefined && tags.length <= mostAccounts && [id, ...tags].every((one) => part.test(one)) ? { id, tags } : null;
  }

  async #tag(id: string, username: string): Promise<string> {
    const key = await this.#secrets.key('known-devices');
    return createHmac('sha256', key).update(`${id}:${username}`).digest().subarray(0, 16).toString('base64url');
  }
}

const sameText = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
