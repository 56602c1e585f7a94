/*
 * The connector of the practice tool. `activities.ts` has its registration and activities, `tool-process.ts` runs it beside the portal, and
 * `tool/` is the tool itself: a separate program, as a third party would write it from docs/lti.md. `tool/` imports nothing from the
 * portal, and the connector imports nothing from `tool/`.
 */
import type { KernelCradle } from '@ilearn/core';
import { defineConnector } from '@ilearn/plugin-library/connector';
import { activities, registration } from './activities.js';
import { type Config, config } from './config.js';
import { ToolProcess } from './tool-process.js';

/** The practice tool: its registration with the LTI platform, its activities in the library, and its process beside the portal. */
export default defineConnector({
  id: 'connector-practice',
  version: '0.1.0',
  name: 'Oefenhoek',
  provider: 'i-Learn',
  description: 'Korte oefeningen rekenen en lezen voor de lagere school.',
  logo: new URL('../logo.svg', import.meta.url),
  languages: ['nl'],
  ages: { from: 6, to: 11 },
  price: 'free',
  account: 'none',
  data: [
    {
      what: { nl: 'een schuilnaam van de leerling', en: 'a pseudonym of the pupil', fr: 'un pseudonyme de l’élève' },
      why: {
        nl: 'de score bij de juiste leerling zetten',
        en: 'to return the score for the right pupil',
        fr: 'pour attribuer le score au bon élève',
      },
    },
    {
      what: { nl: 'de antwoorden op een oefening', en: 'the answers in an exercise', fr: 'les réponses à un exercice' },
      why: {
        nl: 'de score berekenen; ze worden niet bewaard',
        en: 'to work out the score; they are not stored',
        fr: 'pour calculer le score ; elles ne sont pas conservées',
      },
    },
  ],
  privacyStatement: '/mijn-gegevens',
  help: '/beheer/tools',
  config,
  lti: ({ toolUrl }) => registration(toolUrl),
  activities: ({ toolUrl }) => activities(toolUrl),
  start: async ({ config, portal, log, announce, work }) => {
    const { toolUrl, spawn } = config as Config;
    if (!spawn) return;
    const clock = await work(async (services: KernelCradle) => services.clock);
    const tool = new ToolProcess({ toolUrl, platformUrl: portal.url, log, clock });
    announce(tool.start());
    return () => tool.stop();
  },
});
