const messages = new URL('../../messages/', import.meta.url);

/**
 * Contributions to `notifications.kinds`. Everybody sees them behind the bell; `due` also comes by e-mail to people with an address, unless
 * they choose otherwise.
 */
export const notificationKinds = [
  { name: 'given', messages, text: 'notifications.given', place: '/agenda/:classId', audience: 'homework:read' },
  {
    name: 'due',
    messages,
    text: 'notifications.due',
    place: '/agenda/:classId',
    audience: 'homework:read',
    channel: 'now' as const,
  },
];
