import type { PluginDefinition } from '@ilearn/core';
import { defineConnector } from '@ilearn/plugin-library/connector';
import type { RegistrationContribution } from '@ilearn/plugin-lti';

/** A connector for ltijs with a registration and an activity, as a partner would write it. */
export const connectorFor = ({ key: _key, name: _name, ...lti }: RegistrationContribution): PluginDefinition =>
  defineConnector({
    id: 'connector-ltijs',
    version: '0.1.0',
    name: 'ltijs',
    provider: 'ltijs',
    description: 'Een oefenprogramma van iemand anders.',
    languages: ['nl'],
    ages: { from: 6, to: 12 },
    price: 'free',
    account: 'none',
    data: [],
    privacyStatement: 'https://cvmcosta.me/ltijs',
    help: 'https://cvmcosta.me/ltijs',
    lti,
    activities: [
      {
        key: 'exercise',
        title: 'Oefening van ltijs',
        description: 'Een oefening in een tool van iemand anders.',
        minutes: 5,
        difficulty: 1,
        lti: { targetLinkUri: lti.redirectUris[0] as string, scoreMaximum: 10 },
      },
    ],
  });
