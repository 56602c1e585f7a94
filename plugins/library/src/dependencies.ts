import type { KernelCradle, MayUse } from '@ilearn/core';
import type { DirectoryExports } from '@ilearn/plugin-directory';
import type {} from '@ilearn/plugin-notifications';
import type { payloads } from './activities/payloads.js';
import type { toolContribution } from './activities/tool-contribution.js';
import type { LibraryConfig } from './config.js';

/** The services of the kernel and of required plugins that the library's services use. */
export interface Dependencies
  extends KernelCradle<LibraryConfig, { points: { tools: typeof toolContribution }; jobs: typeof payloads }>,
    MayUse<'notifications'> {
  directory: DirectoryExports;
}
