import type { KernelCradle, MayUse } from '@ilearn/core';
import type { DirectoryExports } from '@ilearn/plugin-directory';
import type { LibraryExports } from '@ilearn/plugin-library';
import type {} from '@ilearn/plugin-licences';
import type { LtiExports } from '@ilearn/plugin-lti';
import type {} from '@ilearn/plugin-notifications';
import type { payloads } from './assignments/payloads.js';
import type { Config } from './config.js';
import type { events } from './events.js';
import type { topics } from './progress/topics.js';
import type { payloads as publishingPayloads } from './publishing/model.js';
import type { files } from './tables.js';

/** The services of the kernel and of other plugins that this plugin's services use. */
export interface Dependencies
  extends KernelCradle<
      Config,
      { events: typeof events; jobs: typeof payloads & typeof publishingPayloads; live: typeof topics; files: typeof files }
    >,
    MayUse<'notifications'>,
    MayUse<'licences'> {
  directory: DirectoryExports;
  library: LibraryExports;
  lti: LtiExports;
}
