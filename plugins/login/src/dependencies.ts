import type { KernelCradle, MayUse, PrivilegedCradle } from '@ilearn/core';
import type { DirectoryExports } from '@ilearn/plugin-directory';
import type {} from '@ilearn/plugin-notifications';
import type { LoginConfig } from './config.js';
import type { providerContribution } from './exports.js';
import type { topics } from './invitations/topics.js';
import type { settings } from './settings.js';

/**
 * The kernel's services that this plugin's services use. A service that uses another service of this plugin declares it in its constructor.
 */
export interface Dependencies
  extends KernelCradle<
      LoginConfig,
      { points: { providers: typeof providerContribution }; live: typeof topics; settings: typeof settings }
    >,
    MayUse<'notifications'>,
    Pick<PrivilegedCradle, 'sessions' | 'actAs' | 'secrets' | 'access'> {
  directory: DirectoryExports;
}
