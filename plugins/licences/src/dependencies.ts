import type { KernelCradle, MayUse, PrivilegedCradle } from '@ilearn/core';
import type { DirectoryExports } from '@ilearn/plugin-directory';
import type {} from '@ilearn/plugin-notifications';
import type { events } from './events.js';

/** The kernel's services, and those of other plugins, that this plugin's services use. */
export interface Dependencies
  extends KernelCradle<unknown, { events: typeof events }>,
    MayUse<'notifications'>,
    Pick<PrivilegedCradle, 'access' | 'actAs'> {
  directory: DirectoryExports;
}
