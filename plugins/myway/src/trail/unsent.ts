import { ApiProblem, ownStorage } from '@ilearn/ui';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { myway } from '../client.js';
import { type OwnStep, readDraft, readFiles, writeDraft, writeFiles } from './drafts.js';

/**
 * A step that the pupil finished while there was no connection: ticked off, or with what they filled in, which is kept as the draft of the
 * step.
 */
export interface UnsentStep extends OwnStep {
  what: 'done' | 'draft';
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
    return kept.flatMap((each): UnsentStep[] => {
      if (typeof each?.assignmentId !== 'string' || typeof each?.stepId !== 'string') return [];
      return [{ assignmentId: each.assignmentId, stepId: each.stepId, what: each.what === 'draft' ? 'draft' : 'done' }];
    });
  } catch {
    return [];
  }
}

const store = (steps: readonly UnsentStep[]): void => ownStorage.write(name, steps.length === 0 ? null : JSON.stringify(steps));

const same = (one: OwnStep, other: OwnStep): boolean => one.assignmentId === other.assignmentId && one.stepId === other.stepId;

/** Keeps a finished step until it can be sent. */
export function sendLater(step: UnsentStep): void {
  store([...unsentSteps().filter((each) => !same(each, step)), step].slice(-most));
}

/** No longer sends a step by itself: the pupil changes or sends it. Its draft stays. */
export function keepBack(step: OwnStep): void {
  store(unsentSteps().filter((each) => !same(each, step)));
}

let sending: Promise<number> | undefined;

/**
 * Sends what waits, in order, and stops at the first that the server cannot answer now. Sending a step twice changes nothing: a step that is
 * done stays done, work is handed in again in its own place, and answers are the same attempt. What the server refuses, such as a step
 * that was taken back, is not sent again; what was typed stays the draft of its step.
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
      if (await send(step)) sent += 1;
    } catch (problem) {
      if (!(problem instanceof ApiProblem) || isForLater(problem.status)) return sent;
    }
    keepBack(step);
  }
  return sent;
}

/** No connection, an ended session, too many requests, or a fault of the server. */
const isForLater = (status: number): boolean => status === 0 || status === 401 || status === 429 || status >= 500;

/** @returns false if there is nothing to send */
async function send({ what, ...params }: UnsentStep): Promise<boolean> {
  if (what === 'done') {
    await myway.post('/my-paths/:assignmentId/steps/:stepId/done', { params });
    return true;
  }
  const draft = readDraft(params);
  if (draft === null) return false;
  if (draft.kind === 'task') {
    const body = new FormData();
    body.set('text', draft.text);
    for (const file of await readFiles(params)) body.append('files', file);
    await myway.post('/my-paths/:assignmentId/steps/:stepId/work', { params, body });
  } else {
    const { answers, attempt } = draft;
    await myway.post('/my-paths/:assignmentId/steps/:stepId/answers', { params, body: { answers, attempt } });
  }
  writeDraft(params, null);
  await writeFiles(params, []);
  return true;
}

/** Sends what waits when the page opens and when the connection is back; then calls `after` if something was sent. */
export class UnsentController implements ReactiveController {
  readonly #after: (sent: number) => void;
  #sending = false;

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
    // A browser may report several times that the connection is back: what one sending sent is told once.
    if (this.#sending || unsentSteps().length === 0) return;
    this.#sending = true;
    try {
      const sent = await sendUnsent();
      if (sent > 0) this.#after(sent);
    } finally {
      this.#sending = false;
    }
  };
}
