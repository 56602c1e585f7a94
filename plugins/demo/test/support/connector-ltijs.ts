import { definePlugin } from '@ilearn/core';
import type { RegistrationContribution } from '@ilearn/plugin-lti';

/** A connector for ltijs with a registration and an activity, as a partner would write it. */
export const connectorFor = (registration: RegistrationContribution) =>
  definePlugin({
    id: 'connector-ltijs',
    version: '0.1.0',
    requires: { library: '^0.1.0', lti: '^0.1.0' },
    contributes: {
      'lti.registrations': [registration],
      'library.tools': [
        {
          key: 'ltijs',
          name: 'ltijs',
          provider: 'ltijs',
          activities: [
            {
              key: 'exercise',
              title: 'Oefening van ltijs',
              description: 'Een oefening in een tool van iemand anders.',
              language: 'nl',
              minutes: 5,
              ageFrom: 6,
              ageTo: 12,
              difficulty: 1,
              conceptUris: [],
              keywords: [],
              lti: { registration: registration.key, targetLinkUri: registration.redirectUris[0], custom: {}, scoreMaximum: 10 },
            },
          ],
        },
      ],
    },
  });
