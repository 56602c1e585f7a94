const messages = new URL('../messages/', import.meta.url);

const kind = (name: string, channel: 'portal' | 'now', place = '/academie/mijn/:event') => ({
  ...{ name, messages, place, channel },
  text: `notifications.${name}`,
  audience: 'academy:enrol',
});

/** What people hear of their sign-ups; names are those of `Tell` in states.ts. */
export const notificationKinds = [
  kind('asked', 'portal'),
  kind('booked', 'now'),
  kind('waiting', 'portal'),
  kind('offered', 'now'),
  kind('declined', 'now'),
  kind('cancelled', 'now'),
  kind('lapsed', 'now'),
  kind('event-cancelled', 'now'),
  kind('changed', 'now'),
  kind('reminder', 'now'),
];
