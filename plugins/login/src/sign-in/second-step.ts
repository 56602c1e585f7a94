import { randomBytes } from 'node:crypto';
import type { PersonSummary } from '@ilearn/plugin-directory';
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server';
import type { AccountRow, AccountService } from '../accounts/account-service.js';
import type { Dependencies } from '../dependencies.js';
import type { AuthenticatorApp, NewApp } from '../factors/authenticator-app.js';
import type { Challenges } from '../factors/challenges.js';
import type { Factors, Step } from '../factors/factors.js';
import type { Passkeys } from '../factors/passkeys.js';
import { normaliseCode, type RecoveryCodes, recoveryLength } from '../factors/recovery-codes.js';
import { cookieOf, type StepCookie } from '../factors/step-cookie.js';
import type { KnownDevices } from './known-devices.js';
import type { SessionStart } from './session-start.js';
import type { Throttle } from './throttle.js';

/**
 * The outcome of a step. `ended`: the sign-in began too long ago, or its password or person changed. `codes`: recovery codes, shown once.
 * `cookie`: the `Set-Cookie` header of the known device.
 */
export type StepOutcome =
  | { kind: 'signed-in'; displayName: string; codes: string[] | null; cookie: string }
  | { kind: 'refused' | 'throttled'; wait: number }
  | { kind: 'ended' };

interface Pending {
  account: AccountRow;
  person: PersonSummary;
  /** Of the cookie of this sign-in. */
  id: string;
  ends: number;
}

/** Signing in with a second factor after a password, with a passkey alone, or by adding a factor that a role requires. */
export class SecondStep {
  readonly #accounts: AccountService;
  readonly #throttle: Throttle;
  readonly #knownDevices: KnownDevices;
  readonly #sessionStart: SessionStart;
  readonly #factors: Factors;
  readonly #passkeys: Passkeys;
  readonly #app: AuthenticatorApp;
  readonly #codes: RecoveryCodes;
  readonly #challenges: Challenges;
  readonly #stepCookie: StepCookie;
  readonly #knex: Dependencies['knex'];
  readonly #secure: boolean;

  constructor({
    accounts,
    throttle,
    knownDevices,
    sessionStart,
    factors,
    passkeys,
    authenticatorApp,
    recoveryCodes,
    challenges,
    stepCookie,
    knex,
    portal,
  }: Dependencies & {
    accounts: AccountService;
    throttle: Throttle;
    knownDevices: KnownDevices;
    sessionStart: SessionStart;
    factors: Factors;
    passkeys: Passkeys;
    authenticatorApp: AuthenticatorApp;
    recoveryCodes: RecoveryCodes;
    challenges: Challenges;
    stepCookie: StepCookie;
  }) {
    this.#accounts = accounts;
    this.#throttle = throttle;
    this.#knownDevices = knownDevices;
    this.#sessionStart = sessionStart;
    this.#factors = factors;
    this.#passkeys = passkeys;
    this.#app = authenticatorApp;
    this.#codes = recoveryCodes;
    this.#challenges = challenges;
    this.#stepCookie = stepCookie;
    this.#knex = knex;
    this.#secure = portal.url.startsWith('https:');
  }

  /** Signs in with a code of an app or a recovery code. Wrong ones are counted for the person, on their known devices apart. */
  async withCode(cookies: string | undefined, typed: string): Promise<StepOutcome> {
    const pending = await this.#pending(cookies, 'confirm');
    if (pending === null) return { kind: 'ended' };
    const { account, person } = pending;
    // A device on which the person signed in before has its own counter, so that somebody who has their password cannot make them wait.
    const known = (await this.#knownDevices.idFor(account.username, cookies)) ?? 'session';
    // Not a username, which has no "#": these counters are of the person alone.
    const permit = await this.#throttle.admit({ username: `#factors ${person.id}`, address: '', known });
    if ('throttled' in permit) return { kind: 'throttled', wait: permit.throttled };
    const code = normaliseCode(typed);
    const right = code.length === recoveryLength ? await this.#codes.use(person.id, code) : await this.#app.use(person.id, code);
    if (!right) return { kind: 'refused', wait: await this.#throttle.failed(permit) };
    await this.#throttle.succeeded(permit);
    if (!(await this.#end(pending))) return { kind: 'ended' };
    return this.#finish(pending, cookies, null);
  }

  /** What a browser needs to sign in with a passkey, and the cookie that binds the challenge to it. */
  async passkeyRequest(cookies: string | undefined): Promise<{ options: PublicKeyCredentialRequestOptionsJSON; cookie: string }> {
    const browser = cookieOf(cookies, this.#browserName) ?? randomBytes(16).toString('base64url');
    const pending = await this.#pending(cookies, 'confirm');
    const options = await this.#passkeys.request(pending?.person.id ?? null, `sign-in ${browser}`);
    const attributes = ['Path=/api/login', 'HttpOnly', 'SameSite=Strict', ...(this.#secure ? ['Secure'] : [])];
    return { options, cookie: `${this.#browserName}=${browser}; ${attributes.join('; ')}` };
  }

  /** Signs in with a passkey, which needs no password. */
  async withPasskey(cookies: string | undefined, response: AuthenticationResponseJSON): Promise<StepOutcome> {
    const browser = cookieOf(cookies, this.#browserName);
    if (browser === null) return { kind: 'ended' };
    const pending = await this.#pending(cookies, 'confirm');
    const asserted = await this.#passkeys.assert(`sign-in ${browser}`, response, pending?.person.id ?? null);
    if (asserted.kind === 'copied') await this.#factors.copied(asserted.personId);
    if (asserted.kind !== 'right') return { kind: 'refused', wait: 0 };
    const account = await this.#accounts.ofPerson(asserted.personId);
    const person = await this.#sessionStart.personOf(account);
    if (account === null || person === null) return { kind: 'refused', wait: 0 };
    if (pending !== null) await this.#end(pending);
    return this.#finish({ account, person }, cookies, null);
  }

  /** For somebody who must add a factor first: the secret for an app. Null if the sign-in has ended. */
  async newApp(cookies: string | undefined): Promise<NewApp | null> {
    const pending = await this.#pending(cookies, 'enrol');
    return pending === null ? null : this.#app.begin(pending.person.id, pending.account.username);
  }

  async addApp(cookies: string | undefined, ticket: string, code: string): Promise<StepOutcome> {
    return this.#enrol(cookies, ({ person }) => this.#app.add(person.id, ticket, normaliseCode(code)));
  }

  /** The same for a passkey. */
  async passkeyCreation(cookies: string | undefined): Promise<PublicKeyCredentialCreationOptionsJSON | null> {
    const pending = await this.#pending(cookies, 'enrol');
    if (pending === null) return null;
    const { account, person } = pending;
    const displayName = `${person.givenName} ${person.familyName}`;
    return this.#passkeys.creation({ id: person.id, username: account.username, displayName }, enrolment(pending));
  }

  async addPasskey(cookies: string | undefined, name: string, response: RegistrationResponseJSON): Promise<StepOutcome> {
    return this.#enrol(cookies, (pending) => this.#passkeys.add(pending.person.id, enrolment(pending), name, response));
  }

  async #enrol(cookies: string | undefined, add: (pending: Pending) => Promise<boolean>): Promise<StepOutcome> {
    const pending = await this.#pending(cookies, 'enrol');
    if (pending === null) return { kind: 'ended' };
    if (!(await add(pending))) return { kind: 'refused', wait: 0 };
    return this.#finish(pending, cookies, await this.#factors.added(pending.person.id));
  }

  /** The person of the cookie, if this step is still theirs to take: a factor that was added meanwhile makes `enrol` a `confirm`. */
  async #pending(cookies: string | undefined, step: Step): Promise<Pending | null> {
    const content = await this.#stepCookie.read(cookies);
    if (content === null || content.step !== step) return null;
    // Locked for whoever enrols, so that of two requests at once one adds a factor.
    const lock = this.#knex('accounts').where('person_id', content.personId);
    if (step === 'enrol') await lock.forUpdate().first('person_id');
    const account = await this.#accounts.ofPerson(content.personId);
    if (account === null || !this.#stepCookie.isOf(content, account)) return null;
    const person = await this.#sessionStart.personOf(account);
    return person !== null && (await this.#factors.stepFor(person)) === step
      ? { account, person, id: content.id, ends: content.ends }
      : null;
  }

  /** Ends the sign-in of the cookie, so that the next user of the device is not past the password. False if it had ended. */
  #end({ id, ends }: Pending): Promise<boolean> {
    return this.#challenges.useOnce(`step ${id}`, new Date(ends));
  }

  async #finish(
    { account, person }: Pick<Pending, 'account' | 'person'>,
    cookies: string | undefined,
    codes: string[] | null,
  ): Promise<StepOutcome> {
    const isNewDevice = (await this.#knownDevices.idFor(account.username, cookies)) === null;
    const { displayName, username } = await this.#sessionStart.start(account, person, { isNewDevice });
    return { kind: 'signed-in', displayName, codes, cookie: await this.#knownDevices.remember(username, cookies) };
  }

  get #browserName(): string {
    return this.#secure ? '__Secure-ilearn-passkey' : 'ilearn-passkey';
  }
}

const enrolment = ({ person, id }: Pending): string => `enrol ${person.id} ${id}`;
