import type { KernelCradle, PrivilegedCradle } from '@ilearn/core';
import type { DirectoryExports } from '@ilearn/plugin-directory';

/** Services that the routes use: the kernel's `privacy`, and the directory for names. */
export interface Cradle extends KernelCradle, Pick<PrivilegedCradle, 'privacy'> {
  directory: DirectoryExports;
}
