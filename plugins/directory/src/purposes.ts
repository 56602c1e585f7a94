import type { Purpose } from '@ilearn/core';

/**
 * Why i-Learn processes data about people, for all plugins that require the directory. A purpose that no table names is not in the
 * register. An operator whose arrangements differ changes them under `purposes` in `ilearn.config.ts`.
 */
export const purposes: Record<string, Purpose> = {
  // The school decides; the operator processes on its behalf (GDPR art. 28).
  learning: {
    controller: 'tenant',
    basis: 'public-task',
    recipients: ['users', 'operator-staff', 'service-providers'],
  },
  // Whoever signs up makes an agreement.
  training: {
    controller: 'operator',
    basis: 'contract',
    recipients: ['users', 'operator-staff', 'training-providers', 'service-providers'],
  },
  // Whoever asks wants an answer.
  support: {
    controller: 'operator',
    basis: 'contract',
    recipients: ['operator-staff', 'training-providers', 'tool-providers', 'service-providers'],
  },
  improvement: { controller: 'operator', basis: 'legitimate-interests', recipients: ['operator-staff'] },
  // The reports hold no personal data; making them processes some.
  reports: { controller: 'operator', basis: 'legitimate-interests', recipients: ['operator-staff'] },
  research: { controller: 'operator', basis: 'consent', recipients: ['operator-staff'] },
};
