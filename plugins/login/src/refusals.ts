import { Problem, type ResponseSpec } from '@ilearn/core';

// These problems are returned, not thrown: throwing would roll back the count of the failed attempt.

export const refusalSpec = (description: string): ResponseSpec => ({ description, contentType: 'application/problem+json' });

/** The same response for every wrong combination of username and password. `wait`: seconds until the next attempt is allowed. */
export const wrongCredentials = (wait: number): Problem =>
  refusal(401, 'login/wrong-credentials', 'Not signed in', 'The username or the password is not right.', wait);

export const wrongPassword = (wait: number): Problem =>
  refusal(403, 'login/wrong-password', 'Password not changed', 'The current password is not right.', wait);

export const wrongFactor = (wait: number): Problem =>
  refusal(
    401,
    'login/wrong-factor',
    'Not signed in',
    'This is not the second factor of this account, or it was used before.',
    wait,
  );

export const tooManyAttempts = (wait: number): Problem =>
  refusal(429, 'login/too-many-attempts', 'Too many attempts', `Wait ${wait} seconds before the next attempt.`, wait);

function refusal(status: number, type: string, title: string, detail: string, wait: number): Problem {
  const headers: Record<string, string> = wait > 0 ? { 'retry-after': String(wait) } : {};
  return new Problem({ type, status, title, detail, headers, extra: { retryAfter: wait } });
}
