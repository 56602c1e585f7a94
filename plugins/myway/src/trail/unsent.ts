import { ApiProblem, ownStorage } from '@ilearn/ui';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { myway } from '../client.js';
import type { Trail } from './model.js';

/** A step that the pupil finished while there was no connection. Only ids are kept on the device. */
export interface UnsentStep {
  assignmentId: string;
  stepId: string;
}

const name = 'myway.unsent';

/** Steps that are kept at most; a pupil finishes only a few without new ones being loaded. */
const most = 100;

/** Whether a request failed because there is no connection. */
export const isOffline = (problem: unknown): boolean => problem instanceof ApiProblem && problem.status === 0;

/** The steps of the signed-in pupil that wait for a connection, the first finished first. */
export function unsentSteps(): UnsentStep[] {
  try {
    const kept: unknown = JSON.parse(ownStorage.read(name) ?? '[]');
    if (!Array.isArray(kept)) return [];
    return kept.filter((each): each is UnsentStep => typeof each?.assignmentId === 'string' && typeof each?.stepId === 'string');
  } catch {
    return [];
  }
}

const store = (steps: readonly UnsentStep[]): void => ownStorage.write(name, steps.length === 0 ? null : JSON.stringify(steps));

const same = (one: UnsentStep, other: UnsentStep): boolean =>
  one.assignmentId === other.assignmentId && one.stepId === other.stepId;

/** Keeps a finished step until it can be sent. */
export function sendLater(step: UnsentStep): void {
  store([...unsentSteps().filter((each) => !same(each, step)), step].slice(-most));
}

let sending: Promise<number> | undefined;

/**
 * Sends what waits, in order, and stops at the first that finds no connection. A step that is done stays done, so sending it twice changes
 * nothing. What the server refuses, such as a step that was taken back, is not sent again.
 *
 * @returns how many steps were sent
 */
export function sendUnsent(): Promise<number> {
  sending ??= sendAll().finally(() => {
    sending = undefined;
  });
  return sending;
}

async function sendAll(): Promise<number> {
  let sent = 0;
  for (const step of unsentSteps()) {
    try {
      await myway.post('/my-paths/:assignmentId/steps/:stepId/done', { params: step });
      sent += 1;
    } catch (problem) {
      if (!(problem instanceof ApiProblem) || problem.status === 0 || problem.status >= 500 || problem.status === 401)
        return sent;
    }
    store(unsentSteps().filter((each) => !same(each, step)));
  }
  return sent;
}

/** Sends what waits when the page opens and when the connection is back; then calls `after` if something was sent. */
export class UnsentController implements ReactiveController {
  readonly #after: (sent: number) => void;

  constructor(host: ReactiveControllerHost, after: (sent: number) => void) {
    this.#after = after;
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener('online', this.#send);
    void this.#send();
  }

  hostDisconnected(): void {
    removeEventListener('online', this.#send);
  }

  readonly #send = async (): Promise<void> => {
    if (unsentSteps().length === 0) return;
    const sent = await sendUnsent();
    if (sent > 0) this.#after(sent);
  };
}

/** Paths that were loaded, for when the connection fails; gone with the tab. */
const seen = new Map<string, Trail>();

export const rememberTrail = (trail: Trail): void => void seen.set(trail.assignmentId, trail);

/** The path as it was loaded last in this tab, with what was done since then; undefined: it was not loaded. */
export function rememberedTrail(assignmentId: string): Trail | undefined {
  const trail = seen.get(assignmentId);
  if (trail === undefined) return undefined;
  const done = new Set(unsentSteps().flatMap((step) => (step.assignmentId === assignmentId ? [step.stepId] : [])));
  return {
    ...trail,
    steps: trail.steps.map((step) => (done.has(step.id) ? { ...step, state: 'done', next: false } : step)),
  };
}
