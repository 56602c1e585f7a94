import type { HttpCradle, KernelCradle, MayUse, PrivilegedCradle } from '@ilearn/core';
import type { DirectoryExports } from '@ilearn/plugin-directory';
import type {} from '@ilearn/plugin-library';
import type {} from '@ilearn/plugin-licences';
import type { Config } from './config.js';
import type { events } from './events.js';
import type { reportPageContribution } from './launches/report-page.js';
import type { registrationContribution } from './registrations/registration.js';

/**
 * What the kernel and the directory plugin provide to every service of this plugin. A service declares the other services that it uses by
 * their own types instead of importing `cradle.ts`, which would be a circular import.
 */
export interface Dependencies
  extends KernelCradle<
      Config,
      {
        events: typeof events;
        points: { registrations: typeof registrationContribution; 'report-pages': typeof reportPageContribution };
      }
    >,
    HttpCradle,
    MayUse<'library'>,
    MayUse<'licences'>,
    Pick<PrivilegedCradle, 'actAs' | 'secrets'> {
  directory: DirectoryExports;
}
