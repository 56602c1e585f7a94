import type { HttpCradle, KernelCradle, PrivilegedCradle } from '@ilearn/core';
import type {} from '@ilearn/plugin-directory';
import type {} from '@ilearn/plugin-lti';
import type {} from '@ilearn/plugin-myway';
import type { Config } from './config.js';
import type { payloads } from './job-payloads.js';

/** What the kernel provides to every service of this plugin. */
export interface Dependencies
  extends KernelCradle<Config, { jobs: typeof payloads }>,
    HttpCradle,
    Pick<PrivilegedCradle, 'secrets'> {}
