import type { KernelCradle, MayUse } from '@ilearn/core';
import type {} from '@ilearn/plugin-academy';
import type {} from '@ilearn/plugin-demo';
import type { DirectoryExports } from '@ilearn/plugin-directory';
import type {} from '@ilearn/plugin-helpdesk';
import type {} from '@ilearn/plugin-library';
import type {} from '@ilearn/plugin-lti';
import type {} from '@ilearn/plugin-myway';
import type { CubeConfig } from './config.js';
import type { payloads } from './job-payloads.js';
import type { settings } from './settings.js';

/** The services of the kernel and of other plugins that this plugin uses. */
export interface Dependencies
  extends KernelCradle<CubeConfig, { settings: typeof settings; jobs: typeof payloads }>,
    MayUse<'library'> {
  directory: DirectoryExports;
}
