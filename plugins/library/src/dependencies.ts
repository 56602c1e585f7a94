import type { KernelCradle } from '@ilearn/core';
import type { DirectoryExports } from '@ilearn/plugin-directory';
import type { payloads } from './activities/payloads.js';
import type { toolContribution } from './activities/tool-contribution.js';
import type { LibraryConfig } from './config.js';

/** What the kernel and the required plugins give to each of the library's services. */
export interface Dependencies
  extends KernelCradle<LibraryConfig, { points: { tools: typeof toolContribution }; jobs: typeof payloads }> {
  directory: DirectoryExports;
}
