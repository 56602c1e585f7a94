const messages = new URL('../../messages/', import.meta.url);

const ofDesk = { messages, place: '/beheer/privacy/verzoeken/:id', audience: 'privacy:read' };

/** Contributions to `notifications.kinds` about requests. */
export const requestNotificationKinds = [
  { name: 'request-received', ...ofDesk, text: 'notifications.requestReceived', channel: 'now' as const },
  { name: 'request-due', ...ofDesk, text: 'notifications.requestDue', channel: 'now' as const },
  {
    ...{ name: 'request-answered', messages, text: 'notifications.requestAnswered', place: '/mijn-gegevens' },
    channel: 'now' as const,
  },
];
