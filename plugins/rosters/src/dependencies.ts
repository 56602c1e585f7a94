import type { KernelCradle, MayUse, PrivilegedCradle } from '@ilearn/core';
import type { DirectoryExports } from '@ilearn/plugin-directory';
import type {} from '@ilearn/plugin-notifications';
import type {} from '@ilearn/plugin-sign-in-oidc';
import type { payloads } from './runs/payloads.js';
import type { topics } from './runs/topics.js';

/** The kernel's services, and those of other plugins, that this plugin's services use. */
export interface Dependencies
  extends KernelCradle<unknown, { jobs: typeof payloads; live: typeof topics }>,
    MayUse<'notifications'>,
    MayUse<'sign-in-oidc'>,
    Pick<PrivilegedCradle, 'access' | 'secrets'> {
  directory: DirectoryExports;
}
