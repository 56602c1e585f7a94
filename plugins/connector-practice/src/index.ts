/*
 * The connector of the practice tool. `activities.ts` has its registration and catalogue, `tool-process.ts` runs it beside the portal, and
 * `tool/` is the tool itself: a separate program, as a third party would write it from docs/lti.md. `tool/` imports nothing from the
 * portal, and the connector imports nothing from `tool/`.
 */
import { definePlugin, type KernelCradle } from '@ilearn/core';
import { catalogue, registration } from './activities.js';
import { type Config, config } from './config.js';
import { ToolProcess } from './tool-process.js';

/** The practice tool: its registration with the LTI platform, its activities in the library, and its process beside the portal. */
export default definePlugin({
  id: 'connector-practice',
  version: '0.1.0',
  requires: { library: '^0.1.0', lti: '^0.1.0' },
  config,
  contributes: ({ toolUrl }: Config) => ({
    'lti.registrations': [registration(toolUrl)],
    'library.tools': [catalogue(toolUrl)],
  }),
  start: async ({ config, portal, log, announce, work }) => {
    const { toolUrl, spawn } = config as Config;
    if (!spawn) return;
    const clock = await work(async (services: KernelCradle) => services.clock);
    const tool = new ToolProcess({ toolUrl, platformUrl: portal.url, log, clock });
    announce(tool.start());
    return () => tool.stop();
  },
});
