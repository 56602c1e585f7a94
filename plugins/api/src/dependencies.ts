import type { HttpCradle, KernelCradle, MayUse, PrivilegedCradle } from '@ilearn/core';
import type { DirectoryExports } from '@ilearn/plugin-directory';
import type {} from '@ilearn/plugin-joining';
import type {} from '@ilearn/plugin-myway';
import type { Config } from './config.js';
import type { payloads } from './webhooks/payloads.js';

/**
 * What the kernel and the directory provide to every service of this plugin. A service declares the other services that it uses by their
 * own types instead of importing `cradle.ts`, which would be a circular import.
 */
export interface Dependencies
  extends KernelCradle<Config, { jobs: typeof payloads }>,
    HttpCradle,
    MayUse<'joining' | 'myway'>,
    Pick<PrivilegedCradle, 'actAs' | 'machines' | 'secrets'> {
  directory: DirectoryExports;
}
