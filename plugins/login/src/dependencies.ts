import type { KernelCradle, PrivilegedCradle } from '@ilearn/core';
import type { DirectoryExports } from '@ilearn/plugin-directory';
import type { LoginConfig } from './config.js';
import type { providerContribution } from './exports.js';

/** What each service is given beside the plugin's other services; a service that uses one of those names it in its constructor. */
export interface Dependencies
  extends KernelCradle<LoginConfig, { points: { providers: typeof providerContribution } }>,
    Pick<PrivilegedCradle, 'sessions' | 'actAs' | 'secrets'> {
  directory: DirectoryExports;
}
