import { Problem } from '../contract/problem.js';

/** The answer to a caller without a session, where one is needed. */
export const signInFirst = (): Problem =>
  new Problem({
    type: 'sign-in-first',
    status: 401,
    title: 'Sign in first',
    headers: { 'www-authenticate': 'Bearer realm="i-Learn"' },
  });
