import type { KernelCradle } from '@ilearn/core';
import type { DirectoryExports } from '@ilearn/plugin-directory';
import type { LibraryConfig } from './config.js';

/** What the kernel and the required plugins give to each of the library's services. */
export interface Dependencies extends KernelCradle<LibraryConfig> {
  directory: DirectoryExports;
}
