import { createHash, randomBytes } from 'node:crypto';
import type { AccountRow } from '../accounts/account-service.js';
import type { Dependencies } from '../dependencies.js';
import type { Step } from './factors.js';

const minutes = 10;

/** Somebody whose password was right, and who has to take a step before they are signed in. */
export interface PendingSignIn {
  personId: string;
  step: Step;
}

interface Content extends PendingSignIn {
  /** Random; distinguishes sign-ins of one person. */
  id: string;
  ends: number;
  /** Of the password hash: another password ends the sign-in. */
  password: string;
}

/** The cookie of a sign-in between the password and the second factor. Its content is sealed, so nothing is stored on the server. */
export class StepCookie {
  readonly #secrets: Dependencies['secrets'];
  readonly #clock: Dependencies['clock'];
  readonly #secure: boolean;

  constructor({ secrets, clock, portal }: Dependencies) {
    this.#secrets = secrets;
    this.#clock = clock;
    this.#secure = portal.url.startsWith('https:');
  }

  /** The `Set-Cookie` header. `passwordHash`: as stored after this attempt. */
  async make({ personId, step }: PendingSignIn, passwordHash: string): Promise<string> {
    const ends = this.#clock.now().getTime() + minutes * 60_000;
    const id = randomBytes(16).toString('base64url');
    const content: Content = { id, personId, step, ends, password: digestOf(passwordHash) };
    const sealed = await this.#secrets.seal('sign-in-step', 'cookie', JSON.stringify(content));
    const value = Buffer.from(sealed).toString('base64url');
    const attributes = ['Path=/api/login', 'HttpOnly', 'SameSite=Strict', `Max-Age=${minutes * 60}`];
    if (this.#secure) attributes.push('Secure');
    return `${this.#name}=${value}; ${attributes.join('; ')}`;
  }

  /** Null if there is none, or it has ended. Compare the account with {@link isOf}. */
  async read(cookies: string | undefined): Promise<Content | null> {
    const value = cookieOf(cookies, this.#name);
    const text = value === null ? null : await this.#secrets.open('sign-in-step', 'cookie', Buffer.from(value, 'base64url'));
    if (text === null) return null;
    const content: Content = JSON.parse(text);
    return content.ends > this.#clock.now().getTime() ? content : null;
  }

  /** Whether the account still has the password that was typed. */
  isOf({ password }: { password: string }, account: AccountRow): boolean {
    return password === digestOf(account.password_hash);
  }

  get #name(): string {
    return this.#secure ? '__Secure-ilearn-step' : 'ilearn-step';
  }
}

const digestOf = (hash: string): string => createHash('sha256').update(hash).digest('base64url').slice(0, 22);

/** The value of a cookie; null if it was not sent. */
export function cookieOf(cookies: string | undefined, name: string): string | null {
  const given = cookies?.split(/;\s*/).find((one) => one.startsWith(`${name}=`));
  return given === undefined ? null : given.slice(name.length + 1);
}
