export const linkBroken = 'library.link-broken';

/** Contributions to `notifications.kinds`. */
export const notificationKinds = [
  {
    name: 'link-broken',
    messages: new URL('../../messages/', import.meta.url),
    text: 'notifications.linkBroken',
    place: '/bibliotheek/:id',
    audience: 'library:write',
  },
];
