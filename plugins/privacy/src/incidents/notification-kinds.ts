const messages = new URL('../../messages/', import.meta.url);
const ofOfficers = { messages, audience: 'privacy:read', channel: 'now' as const };

/** Contributions to `notifications.kinds` about incidents. */
export const incidentNotificationKinds = [
  {
    ...{ name: 'incident-recorded', ...ofOfficers, text: 'notifications.incidentRecorded' },
    place: '/beheer/privacy/incidenten/:id',
  },
  { name: 'incident-told', ...ofOfficers, text: 'notifications.incidentTold', place: '/beheer/privacy/incidenten' },
];
