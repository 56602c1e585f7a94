export const pathGiven = 'myway.path-given';

/** Contributions to `notifications.kinds`. */
export const notificationKinds = [
  {
    name: 'path-given',
    messages: new URL('../../messages/', import.meta.url),
    text: 'notifications.pathGiven',
    place: '/mijn-paden/:assignmentId',
    audience: 'path:follow',
  },
];
