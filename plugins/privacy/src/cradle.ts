import type { KernelCradle, PrivilegedCradle } from '@ilearn/core';
import type { DirectoryExports } from '@ilearn/plugin-directory';

/** What the routes ask for: the kernel's knowledge of a person, and the directory's names. */
export interface Cradle extends KernelCradle, Pick<PrivilegedCradle, 'privacy'> {
  directory: DirectoryExports;
}
