import type { KernelCradle, MayUse, PrivilegedCradle } from '@ilearn/core';
import type { DirectoryExports } from '@ilearn/plugin-directory';
import type {} from '@ilearn/plugin-notifications';
import type { settings } from './settings.js';

/** Services that routes and handlers use: the kernel's `privacy`, the directory for names, and notifications if they are there. */
export interface Cradle
  extends KernelCradle<unknown, { settings: typeof settings }>,
    Pick<PrivilegedCradle, 'privacy'>,
    MayUse<'notifications'> {
  directory: DirectoryExports;
}
