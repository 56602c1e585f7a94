import type { KernelCradle } from '@ilearn/core';
import type { DirectoryExports } from '@ilearn/plugin-directory';
import type { LibraryExports } from '@ilearn/plugin-library';
import type { LoginExports } from '@ilearn/plugin-login';
import type { MyWayExports } from '@ilearn/plugin-myway';
import { z } from 'zod';

export const demoConfig = z.strictObject({
  /** Everyone knows these passwords: only for a portal on the internet that is meant to be tried by anyone. */
  allowPublic: z.boolean().default(false),
});

export type DemoConfig = z.output<typeof demoConfig>;

export interface Cradle extends KernelCradle<DemoConfig> {
  directory: DirectoryExports;
  login: LoginExports;
  library: LibraryExports;
  myway: MyWayExports;
}
