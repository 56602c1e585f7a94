import type { KernelCradle, MayUse, PrivilegedCradle } from '@ilearn/core';
import type { DirectoryExports } from '@ilearn/plugin-directory';
import type {} from '@ilearn/plugin-lti';
import type {} from '@ilearn/plugin-notifications';
import type { payloads } from './job-payloads.js';
import type { settings } from './settings.js';

/**
 * What the kernel and other plugins provide to every service: the kernel's `privacy`, the directory for names, and others if they are there.
 * A service names the other services that it uses by their own types.
 */
export interface Dependencies
  extends KernelCradle<unknown, { settings: typeof settings; jobs: typeof payloads }>,
    Pick<PrivilegedCradle, 'privacy' | 'actAs' | 'access' | 'secrets'>,
    MayUse<'notifications'>,
    MayUse<'lti'> {
  directory: DirectoryExports;
}
