import type { KernelCradle, MayUse, Models, PrivilegedCradle } from '@ilearn/core';
import type { DirectoryExports } from '@ilearn/plugin-directory';
import type {} from '@ilearn/plugin-library';
import type {} from '@ilearn/plugin-myway';
import type {} from '@ilearn/plugin-notifications';
import type { events } from './event-schemas.js';
import type { models } from './models.js';

/** The services of the kernel and of other plugins that this plugin's services use. */
export interface Dependencies
  extends KernelCradle<unknown, { events: typeof events }>,
    Models<typeof models>,
    MayUse<'notifications' | 'library' | 'myway'>,
    Pick<PrivilegedCradle, 'actAs' | 'secrets'> {
  directory: DirectoryExports;
}
