const messages = new URL('../messages/', import.meta.url);

/** Kinds differ by how soon a licence ends: an unread warning of last month must not swallow the one of today. */
const names = { 30: 'ends-in-month', 7: 'ends-in-week', 1: 'ends-tomorrow' } as const;

export const endingKind = (days: keyof typeof names): string => `licences.${names[days]}`;

/** What ICT coordinators and principals hear of licences. */
export const notificationKinds = Object.entries(names).map(([days, name]) => ({
  ...{ name, messages, text: `notifications.ending${days}`, place: '/licenties/:plan' },
  ...{ audience: 'licence:school', channel: 'now' as const },
}));
