const messages = new URL('../messages/', import.meta.url);

const kind = (name: string) => ({ name, messages, text: `notifications.${name}`, place: '/account', channel: 'now' as const });

/** What people hear of the ways in which they sign in. */
export const notificationKinds = [kind('identity-added'), kind('identity-removed'), kind('password-ended')];
