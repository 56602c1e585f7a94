import type { KernelCradle, PrivilegedCradle } from '@ilearn/core';
import type {} from '@ilearn/plugin-demo';
import type { DirectoryExports } from '@ilearn/plugin-directory';
import type { LoginExports } from '@ilearn/plugin-login';
import type { NotificationsExports } from '@ilearn/plugin-notifications';
import type { payloads } from './job-payloads.js';

/** The services of the kernel and of other plugins that this plugin's services use. */
export interface Dependencies
  extends KernelCradle<unknown, { jobs: typeof payloads }>,
    Pick<PrivilegedCradle, 'actAs' | 'privacy' | 'secrets' | 'sessions'> {
  directory: DirectoryExports;
  login: LoginExports;
  notifications: NotificationsExports;
}
