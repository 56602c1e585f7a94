import type { AccountService } from './accounts/account-service.js';
import type { Passwords } from './accounts/passwords.js';
import type { BadgeSignIn } from './badges/badge-sign-in.js';
import type { Badges } from './badges/badges.js';
import type { Dependencies } from './dependencies.js';
import type { AuthenticatorApp } from './factors/authenticator-app.js';
import type { Challenges } from './factors/challenges.js';
import type { Factors } from './factors/factors.js';
import type { Passkeys } from './factors/passkeys.js';
import type { RecoveryCodes } from './factors/recovery-codes.js';
import type { StepCookie } from './factors/step-cookie.js';
import type { Invitations } from './invitations/invitations.js';
import type { Providers } from './providers.js';
import type { KnownDevices } from './sign-in/known-devices.js';
import type { SecondStep } from './sign-in/second-step.js';
import type { SessionStart } from './sign-in/session-start.js';
import type { SignIn } from './sign-in/sign-in.js';
import type { Throttle } from './sign-in/throttle.js';
import type { AccountsStart } from './temporary/start.js';
import type { TemporaryAccounts } from './temporary/temporary-accounts.js';

/** The services that routes, jobs and commands can resolve. */
export interface Cradle extends Dependencies {
  accounts: AccountService;
  throttle: Throttle;
  knownDevices: KnownDevices;
  providers: Providers;
  signIn: SignIn;
  sessionStart: SessionStart;
  badges: Badges;
  badgeSignIn: BadgeSignIn;
  factors: Factors;
  passkeys: Passkeys;
  authenticatorApp: AuthenticatorApp;
  recoveryCodes: RecoveryCodes;
  challenges: Challenges;
  stepCookie: StepCookie;
  secondStep: SecondStep;
  passwords: Passwords;
  temporaryAccounts: TemporaryAccounts;
  accountsStart: AccountsStart;
  invitations: Invitations;
}
