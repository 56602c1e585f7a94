const messages = new URL('../messages/', import.meta.url);

const kind = (name: string, text: string) => ({
  name,
  messages,
  text: `notifications.${text}`,
  place: '/account',
  channel: 'now' as const,
});

/** What people hear of the use of their account. */
export const notificationKinds = [
  kind('new-device', 'newDevice'),
  kind('factor-needed', 'factorNeeded'),
  kind('factor-changed', 'factorChanged'),
  kind('factors-reset', 'factorsReset'),
  kind('passkey-copied', 'passkeyCopied'),
];
