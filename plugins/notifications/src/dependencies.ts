import type { KernelCradle } from '@ilearn/core';
import type { DirectoryExports } from '@ilearn/plugin-directory';
import type { Config } from './config.js';
import type { topics } from './inbox/topics.js';
import type { points } from './kinds/kind.js';

/** The services of the kernel and of the directory that this plugin's services use. */
export interface Dependencies extends KernelCradle<Config, { points: typeof points; live: typeof topics }> {
  directory: DirectoryExports;
}
