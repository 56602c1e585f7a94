import type { KernelCradle, MayUse, Models, PrivilegedCradle } from '@ilearn/core';
import type { DirectoryExports } from '@ilearn/plugin-directory';
import type {} from '@ilearn/plugin-library';
import type {} from '@ilearn/plugin-lti';
import type {} from '@ilearn/plugin-myway';
import type {} from '@ilearn/plugin-notifications';
import type {} from '@ilearn/plugin-search';
import type { Config } from './config.js';
import type { privacyPageContribution } from './documents/privacy-page.js';
import type { events } from './events.js';
import type { files } from './files.js';
import type { payloads } from './job-payloads.js';
import type { mailPayloads } from './mail/payloads.js';
import type { models } from './models.js';
import type { settings } from './settings.js';
import type { topics } from './topics.js';

interface Own {
  events: typeof events;
  files: typeof files;
  settings: typeof settings;
  live: typeof topics;
  points: { 'privacy-pages': typeof privacyPageContribution };
  jobs: typeof payloads & typeof mailPayloads;
}

/** The services of the kernel and of other plugins that this plugin's services use. */
export interface Dependencies
  extends KernelCradle<Config, Own>,
    Models<typeof models>,
    MayUse<'notifications' | 'lti' | 'library'>,
    Pick<PrivilegedCradle, 'actAs' | 'access' | 'secrets'> {
  directory: DirectoryExports;
}
