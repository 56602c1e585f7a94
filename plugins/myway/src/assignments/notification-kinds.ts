export const pathGiven = 'myway.path-given';
export const stepAnswered = 'myway.step-answered';
export const messageSent = 'myway.message-sent';
export const workHandedIn = 'myway.work-handed-in';
export const workAnswered = 'myway.work-answered';

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
  {
    name: 'work-handed-in',
    messages: new URL('../../messages/', import.meta.url),
    text: 'notifications.workHandedIn',
    place: '/opvolging/:assignmentId',
    audience: 'progress:read',
  },
  {
    name: 'work-answered',
    messages: new URL('../../messages/', import.meta.url),
    text: 'notifications.workAnswered',
    place: '/mijn-paden/:assignmentId/stap/:stepId',
    audience: 'path:follow',
  },
];
