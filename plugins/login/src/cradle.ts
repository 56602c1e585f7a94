import type { KernelCradle, PrivilegedCradle } from '@ilearn/core';
import type { DirectoryExports } from '@ilearn/plugin-directory';
import type { AccountService } from './accounts/account-service.js';
import type { LoginConfig } from './config.js';
import type { KnownDevices } from './sign-in/known-devices.js';
import type { Providers } from './sign-in/providers.js';
import type { SignIn } from './sign-in/sign-in.js';
import type { Throttle } from './sign-in/throttle.js';
import type { TemporaryAccounts } from './temporary/temporary-accounts.js';

export interface Cradle extends KernelCradle<LoginConfig>, PrivilegedCradle {
  accounts: AccountService;
  throttle: Throttle;
  knownDevices: KnownDevices;
  providers: Providers;
  signIn: SignIn;
  temporaryAccounts: TemporaryAccounts;
  directory: DirectoryExports;
}
