const messages = new URL('../messages/', import.meta.url);

const kind = (name: string, channel: 'portal' | 'now', place = '/academie/mijn/:event', attachment = false) => ({
  ...{ name, messages, place, channel, attachment },
  text: `notifications.${name}`,
  audience: 'academy:enrol',
});

/** What the requester and the coach hear of a coaching, by its new state. */
const coaching = (state: string) => ({
  ...{ name: `coaching-${state}`, messages, place: '/academie/coaching/:id' },
  text: `notifications.coaching-${state}`,
  channel: 'now' as const,
});

/** The e-mail carries the entry for the person's calendar. */
const inCalendar = (name: string, channel: 'portal' | 'now') => kind(name, channel, '/academie/mijn/:event', true);

/** What people hear of their sign-ups; names are those of `Tell` in states.ts. */
export const notificationKinds = [
  kind('asked', 'portal'),
  inCalendar('booked', 'now'),
  inCalendar('waiting', 'portal'),
  kind('offered', 'now'),
  kind('declined', 'now'),
  inCalendar('cancelled', 'now'),
  kind('lapsed', 'now'),
  inCalendar('event-cancelled', 'now'),
  inCalendar('changed', 'now'),
  kind('reminder', 'now'),
  kind('certificate', 'now', '/academie/attesten'),
  kind('certificate-revoked', 'now', '/academie/attesten'),
  coaching('matching'),
  coaching('declined'),
  coaching('proposed'),
  coaching('active'),
  coaching('report-submitted'),
  coaching('closed'),
  coaching('withdrawn'),
  coaching('expired'),
  coaching('quiet'),
];
