export const pathGiven = 'myway.path-given';
export const stepAnswered = 'myway.step-answered';
export const messageSent = 'myway.message-sent';

/** Contributions to `notifications.kinds`. */
export const notificationKinds = [
  {
    name: 'path-given',
    messages: new URL('../../messages/', import.meta.url),
    text: 'notifications.pathGiven',
    place: '/mijn-paden/:assignmentId',
    audience: 'path:follow',
  },
  {
    name: 'step-answered',
    messages: new URL('../../messages/', import.meta.url),
    text: 'notifications.stepAnswered',
    place: '/mijn-paden/:assignmentId',
    audience: 'path:follow',
  },
  {
    name: 'message-sent',
    messages: new URL('../../messages/', import.meta.url),
    text: 'notifications.messageSent',
    place: '/mijn-paden/:assignmentId',
    audience: 'path:follow',
  },
];
