import type { KernelCradle, MayUse, PrivilegedCradle, Uses } from '@ilearn/core';
import type { DirectoryExports } from '@ilearn/plugin-directory';
import type {} from '@ilearn/plugin-login';
import type {} from '@ilearn/plugin-notifications';
import type { OidcConfig } from './config.js';
import type { providerContribution } from './protocols/contribution.js';

/** The kernel's services, and those of other plugins, that this plugin's services use. */
export interface Dependencies
  extends KernelCradle<OidcConfig, { points: { providers: typeof providerContribution } }>,
    Uses<'login'>,
    MayUse<'notifications'>,
    Pick<PrivilegedCradle, 'sessions' | 'actAs' | 'secrets' | 'access'> {
  directory: DirectoryExports;
}
