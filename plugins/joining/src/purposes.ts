import type { Purpose } from '@ilearn/core';

export const purposes: Record<string, Purpose> = {
  // Whoever asks for a place wants an agreement; no data of the school's people before there is one.
  joining: { controller: 'operator', basis: 'contract', recipients: ['operator-staff', 'service-providers'] },
};
