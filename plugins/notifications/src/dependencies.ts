import type { KernelCradle, PrivilegedCradle } from '@ilearn/core';
import type { DirectoryExports } from '@ilearn/plugin-directory';
import type { Config } from './config.js';
import type { events } from './events.js';
import type { topics } from './inbox/topics.js';
import type { points } from './kinds/kind.js';
import type { payloads } from './mail/payloads.js';
import type { settings } from './settings.js';

interface Own {
  events: typeof events;
  points: typeof points;
  live: typeof topics;
  jobs: typeof payloads;
  settings: typeof settings;
}

/** The services of the kernel and of the directory that this plugin's services use. */
export interface Dependencies extends KernelCradle<Config, Own>, Pick<PrivilegedCradle, 'actAs' | 'secrets'> {
  directory: DirectoryExports;
}
