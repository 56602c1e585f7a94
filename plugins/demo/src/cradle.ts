import type { KernelCradle } from '@ilearn/core';
import type { DirectoryExports } from '@ilearn/plugin-directory';
import type { LibraryExports } from '@ilearn/plugin-library';
import type { LoginExports } from '@ilearn/plugin-login';
import type { MyWayExports } from '@ilearn/plugin-myway';
import { z } from 'zod';

export const demoConfig = z.strictObject({
  /** Allow the demonstration accounts, whose password is public, on a portal that other machines can reach. */
  allowPublic: z.boolean().default(false),
});

export type DemoConfig = z.output<typeof demoConfig>;

export interface Cradle extends KernelCradle<DemoConfig> {
  directory: DirectoryExports;
  login: LoginExports;
  library: LibraryExports;
  myway: MyWayExports;
}
