import type { KernelCradle, MayUse, PrivilegedCradle } from '@ilearn/core';
import type { DirectoryExports } from '@ilearn/plugin-directory';
import type {} from '@ilearn/plugin-notifications';
import { z } from 'zod';
import type { settings } from './settings.js';

export const payloads = { noteStatement: z.object({}) };

/** What services of this plugin use: the kernel's `privacy`, the directory for names, and notifications if they are there. */
export interface BaseCradle
  extends KernelCradle<unknown, { settings: typeof settings; jobs: typeof payloads }>,
    Pick<PrivilegedCradle, 'privacy'>,
    MayUse<'notifications'> {
  directory: DirectoryExports;
}
