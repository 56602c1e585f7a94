import { Problem } from '../contract/problem.js';

/** The answer to a caller without a session, where one is needed. */
export const signInFirst = (): Problem =>
  new Problem({
    type: 'sign-in-first',
    status: 401,
    title: 'Sign in first',
    headers: { 'www-authenticate': 'Bearer realm="i-Learn"' },
  });

/** The answer to a person who signed in too long ago for a sensitive act. */
export const signInAgain = (): Problem =>
  new Problem({
    type: 'sign-in-again',
    status: 403,
    title: 'Sign in again',
    detail: 'This needs a sign-in of at most five minutes ago.',
  });
