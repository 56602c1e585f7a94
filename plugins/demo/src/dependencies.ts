import type { KernelCradle, MayUse, PrivilegedCradle } from '@ilearn/core';
import type { DirectoryExports } from '@ilearn/plugin-directory';
import type { LibraryExports } from '@ilearn/plugin-library';
import type { LoginExports } from '@ilearn/plugin-login';
import type { MyWayExports } from '@ilearn/plugin-myway';
import type {} from '@ilearn/plugin-notifications';
import { z } from 'zod';
import type { events } from './events.js';
import type { fillPayload } from './fill-payload.js';

export const demoConfig = z.strictObject({
  /** Allow the demonstration accounts, whose password is public, on a portal that other machines can reach. */
  allowPublic: z.boolean().default(false),
  /** Fill the schools with learning paths and six weeks of results. False: only people, accounts and one path. */
  results: z.boolean().default(true),
});

export type DemoConfig = z.output<typeof demoConfig>;

/** The services of the kernel and of other plugins that this plugin uses. */
export interface Dependencies
  extends KernelCradle<DemoConfig, { events: typeof events; jobs: { fill: typeof fillPayload } }>,
    Pick<PrivilegedCradle, 'actAs' | 'sessions' | 'allSettings'>,
    MayUse<'notifications'> {
  directory: DirectoryExports;
  login: LoginExports;
  library: LibraryExports;
  myway: MyWayExports;
}
