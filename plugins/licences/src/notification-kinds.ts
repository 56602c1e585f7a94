const messages = new URL('../messages/', import.meta.url);

/** Kinds differ by how soon a licence ends: an unread warning of last month must not swallow the one of today. */
const names = { 30: 'ends-in-month', 7: 'ends-in-week', 1: 'ends-tomorrow' } as const;

export const endingKind = (days: keyof typeof names): string => `licences.${names[days]}`;

/** Few seats of a licence are left. */
export const fewSeatsKind = 'licences.few-seats';

/** A provider was asked for a licence. */
export const askedKind = 'licences.asked';
/** A school was offered a licence. */
export const offeredKind = 'licences.offered';

/** What people of schools and of providers hear of licences. */
export const notificationKinds = [
  ...Object.entries(names).map(([days, name]) => ({
    ...{ name, messages, text: `notifications.ending${days}`, place: '/licenties/:plan' },
    ...{ audience: 'licence:school', channel: 'now' as const },
  })),
  { name: 'few-seats', messages, text: 'notifications.fewSeats', place: '/licenties/:plan', audience: 'licence:school' },
  { name: 'asked', messages, text: 'notifications.asked', place: '/licenties/aanbod', audience: 'licence:provide' },
  { name: 'offered', messages, text: 'notifications.offered', place: '/licenties', audience: 'licence:school' },
];
