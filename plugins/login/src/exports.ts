/** What other plugins may use of login (`requires: { login: '^0.1.0' }`). */

import { z } from 'zod';
import { type PreparedPassword, preparePassword } from './accounts/password-hash.js';
import { type Audience, audiences } from './sign-in/audience.js';

export { type Audience, audiences, type PreparedPassword, preparePassword };

/** Schema of a contribution to `login.providers`. */
export const providerContribution = z.strictObject({
  key: z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and hyphens'),
  /** Shown on the button; a brand name, so not translated. */
  label: z.string().min(1).max(40),
  /** Audiences to which the sign-in page offers it. */
  audiences: z.array(z.enum(audiences)).min(1),
  /** Path in the portal that starts the provider's flow; `?terug=<path>` is added to it. */
  startPath: z.string().regex(/^\/(?![/\\])[^\\?#\s]*$/, 'a path in this portal, without a query'),
  /** Its plugin offers the providers of each school in the slot `login.ways`, instead of a button for everyone. */
  ofSchools: z.boolean().default(false),
});

/** A contribution to `login.providers`. */
export type ProviderContribution = z.output<typeof providerContribution>;

/** `login.accounts` */
export interface Accounts {
  /**
   * Creates a person's account, or changes its username and password and ends the person's sessions. `expiresAt`: for a temporary account.
   * `password`: from {@link preparePassword}, called outside the unit of work, because hashing takes about 30 ms of CPU time.
   *
   * @throws Problem 403 if the requester may not give the roles that the person holds; 404 `not-found` for an unknown person; 422
   * `login/invalid-username`; 422 `login/weak-password` (`extra.faults` names the rules); 409 `login/username-taken`
   */
  set(account: { personId: string; username: string; password: PreparedPassword; expiresAt?: Date | null }): Promise<void>;
  /**
   * For the first proof, by another way to sign in, of who a person is: ends all their sessions, and removes their account unless they made
   * it themselves by an invitation to their e-mail address. A password that others handed out may be known to others. A temporary account
   * stays until it ends, since its person ends with it. Returns whether an account was removed.
   *
   * @throws Problem 403 if the requester may not give the roles that the person holds
   */
  dropUnverified(personId: string): Promise<boolean>;
}

/** `login.invitations` */
export interface SchoolInvitations {
  /**
   * Sends somebody who was added to a school by `directory.people.create` a link to make their account, to their address in the directory;
   * an earlier link stops working. Does nothing for somebody who has an account. Requires the system principal.
   */
  inviteToSchool(invitation: { school: string; personId: string }): Promise<void>;
}

/** `login.temporaryAccounts` */
export interface Guests {
  /**
   * Adds a guest to a school: a person, an account and the role `guest-teacher`, which are all removed after `days`. `classId`: a class of the
   * school in which they teach. Requires the system principal.
   */
  welcome(
    guest: { school: string; givenName: string; familyName: string; days: number; classId: string | undefined },
    password: PreparedPassword,
  ): Promise<{ personId: string; username: string; expiresAt: Date }>;
}

/** The `context` of other plugins' elements in the slots of the sign-in page and the account page. */
export interface LoginSlots {
  /** Below the question who you are. */
  'sign-in': Record<string, never>;
  /** In place of the buttons of the providers, for a portal with providers: pupils and staff of schools. `back`: the path to go to afterwards. */
  ways: { audience: Audience; back: string };
  /** After a right password: for the second factor. Loaded when it is needed, so that the sign-in page stays small. */
  'second-step': { step: 'confirm' | 'enrol' };
  /** Signs in with a passkey as soon as it is there. `suggested`: the browser offers them in the field for the username. */
  passkey: { suggested: boolean; attempt: number };
  /** For a section with an `<h2>` on the account page. */
  account: Record<string, never>;
}

export interface LoginExports {
  accounts: Accounts;
  invitations: SchoolInvitations;
  temporaryAccounts: Guests;
}
