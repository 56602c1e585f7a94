import type { Http, RefusedRequest } from '@ilearn/core';
import { outcomeOf } from './record.js';
import { recorderOf, type TraceStep } from './recorder.js';

/** The step of a launch or service to which a route of tools belongs, by the end of its path. */
const steps: [path: RegExp, step: TraceStep][] = [
  [/^\/auth$/, 'auth'],
  [/^\/token$/, 'token'],
  [/^\/launches\/:id\/return$/, 'return'],
  [/^\/launches\/:id$/, 'open'],
  [/^\/choices\/:id\/return$/, 'deep-linking'],
  [/^\/register$/, 'registration'],
  [/\/scores$/, 'score'],
  [/\/results$/, 'results'],
  [/\/lineitems(\/:lineItemId)?$/, 'line-items'],
  [/\/memberships$/, 'members'],
];

/**
 * Adds a line for a request of a tool that the kernel refused: a wrong method or media type, a body that is too large or malformed. The
 * plugin's own problems have their line already.
 */
export function recordRefused({ requestId, path, problem }: RefusedRequest, { http }: { http: Http }): void {
  const step = steps.find(([pattern]) => pattern.test(path))?.[1];
  if (step === undefined || problem.type.startsWith('lti/')) return;
  recorderOf(http).add({ at: null, requestCode: requestId, step, outcome: outcomeOf(problem) });
}
