const messages = new URL('../messages/', import.meta.url);

const ticket = (name: string, channel: 'portal' | 'now', audience: string) => ({
  ...{ name, messages, place: '/helpdesk/ticket/:id', channel, audience },
  text: `notifications.${name}`,
});

/** What people hear of tickets in which they take part, and helpers of theirs. */
export const notificationKinds = [
  ticket('ticket-answered', 'now', 'helpdesk:follow'),
  ticket('ticket-replied', 'now', 'helpdesk:follow'),
  ticket('ticket-changed', 'portal', 'helpdesk:follow'),
  ticket('ticket-solved', 'now', 'helpdesk:follow'),
  ticket('ticket-reopened', 'now', 'helpdesk:follow'),
  ticket('ticket-shared', 'now', 'helpdesk:follow'),
  ticket('ticket-assigned', 'portal', 'helpdesk:handle'),
  { ...ticket('ticket-waiting', 'portal', 'helpdesk:handle'), place: '/helpdesk/wachtrij' },
  ticket('ticket-due', 'portal', 'helpdesk:handle'),
  ticket('ticket-overdue', 'now', 'helpdesk:handle'),
  {
    ...{ name: 'wish-answered', messages, place: '/wensen/:id', channel: 'portal' as const, audience: 'helpdesk:ask' },
    text: 'notifications.wish-answered',
  },
];
