import type { HttpCradle, KernelCradle, PrivilegedCradle } from '@ilearn/core';
import type { DirectoryExports } from '@ilearn/plugin-directory';
import type { Config } from './config.js';
import type { events } from './events.js';
import type { registrationContribution } from './registrations/registration.js';

/**
 * What the kernel and the directory plugin give to every service of this plugin. A service names the other services that it uses by
 * their own types, so that none imports `cradle.ts`, which imports them all.
 */
export interface Dependencies
  extends KernelCradle<Config, { events: typeof events; points: { registrations: typeof registrationContribution } }>,
    HttpCradle,
    Pick<PrivilegedCradle, 'actAs' | 'secrets'> {
  directory: DirectoryExports;
}
