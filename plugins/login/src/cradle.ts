import type { AccountService } from './accounts/account-service.js';
import type { Passwords } from './accounts/passwords.js';
import type { Dependencies } from './dependencies.js';
import type { Invitations } from './invitations/invitations.js';
import type { Providers } from './providers.js';
import type { KnownDevices } from './sign-in/known-devices.js';
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
  passwords: Passwords;
  temporaryAccounts: TemporaryAccounts;
  accountsStart: AccountsStart;
  invitations: Invitations;
}
