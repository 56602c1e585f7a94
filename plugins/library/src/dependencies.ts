import type { KernelCradle, MayUse } from '@ilearn/core';
import type { DirectoryExports } from '@ilearn/plugin-directory';
import type {} from '@ilearn/plugin-licences';
import type {} from '@ilearn/plugin-notifications';
import type { toolContribution } from './activities/tool-contribution.js';
import type { LibraryConfig } from './config.js';
import type { files } from './materials/files.js';
import type { payloads } from './payloads.js';

/** The services of the kernel and of required plugins that the library's services use. */
export interface Dependencies
  extends KernelCradle<LibraryConfig, { points: { tools: typeof toolContribution }; jobs: typeof payloads; files: typeof files }>,
    MayUse<'licences'>,
    MayUse<'notifications'> {
  directory: DirectoryExports;
}
