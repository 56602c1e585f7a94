import { setTimeout as pause } from 'node:timers/promises';
import { TestClient } from '@ilearn/core/testing';
import { demoPassword } from '@ilearn/plugin-demo';
import { authenticate, mediaTypes, type TestTool } from '../../../lti/test/support/tool.js';

export type Kind = 'sign in' | 'session' | 'paths' | 'path' | 'open step' | 'launch' | 'score' | 'board';

/** A request that is refused for a moment (503) is made again, as pages do, up to so many times. */
const TRIES = 5;

interface Answered {
  status: number;
  headers: Headers;
  body?: unknown;
}

/** Answers of the portal, by what was asked. */
export class Answers {
  readonly times = new Map<Kind, number[]>();
  readonly failures = new Map<string, number>();
  /** Answers with 503, after which the request was made again. */
  refused = 0;
  scores = 0;
  /** Steps for which the morning was over. */
  late = 0;

  /** Waits for an answer and notes its time, from the first try on. Null if it was not as expected. */
  async note<T extends Answered>(kind: Kind, ask: () => Promise<T>, expected: readonly number[] = [200]): Promise<T | null> {
    const began = performance.now();
    const times = this.times.get(kind) ?? [];
    this.times.set(kind, times);
    try {
      let answer = await ask();
      for (let tries = 1; answer.status === 503 && tries < TRIES; tries += 1) {
        this.refused += 1;
        await pause(Number(answer.headers.get('retry-after') ?? 1) * 1_000);
        answer = await ask();
      }
      times.push(performance.now() - began);
      if (expected.includes(answer.status)) return answer;
      this.#fail(`${kind}: ${answer.status} ${(answer.body as { type?: string } | null)?.type ?? ''}`.trim());
    } catch (error) {
      this.#fail(`${kind}: ${(error as Error).name}`);
    }
    return null;
  }

  /** Notes what the portal should have shown, and did not. */
  missing(what: string): void {
    this.#fail(`no ${what}`);
  }

  get requests(): number {
    return [...this.times.values()].reduce((sum, { length }) => sum + length, 0);
  }

  #fail(what: string): void {
    this.failures.set(what, (this.failures.get(what) ?? 0) + 1);
  }
}

export interface Morning {
  /** Public address, and where requests go, in turn. */
  url: string;
  addresses: readonly string[];
  tool: TestTool;
  token(): string;
  answers: Answers;
  /** Average time between two things that somebody does, in milliseconds. */
  thinkMs: number;
  /** When this is true, everybody goes home. */
  over(): boolean;
}

let next = 0;
const clientOf = ({ addresses, url }: Morning) => new TestClient(addresses[next++ % addresses.length] as string, url);
const thinks = ({ thinkMs }: Morning) => pause(thinkMs * (0.5 + Math.random()));

/** Signs in, looks at the paths, opens one step after another, and each time the tool sends a score. A client, session and cookie of its own. */
export async function pupil(morning: Morning, username: string, steps: number): Promise<void> {
  const { answers } = morning;
  const client = clientOf(morning);
  const signedIn = await answers.note('sign in', () => client.post('/api/login/session', { username, password: demoPassword }));
  if (signedIn === null) return;
  await answers.note('session', () => client.get('/api/kernel/session'));
  for (let number = 0; number < steps; number += 1) {
    if (morning.over()) {
      answers.late += steps - number;
      return;
    }
    await thinks(morning);
    const paths = await answers.note('paths', () => client.get('/api/myway/my-paths'));
    if (paths === null) return;
    const [first] = paths.body as { assignmentId: string }[];
    if (first === undefined) return answers.missing('path');
    const trail = await answers.note('path', () => client.get(`/api/myway/my-paths/${first.assignmentId}`));
    if (trail === null) return;
    const step = (trail.body as { steps: { id: string }[] }).steps[number];
    if (step === undefined) return answers.missing('step');
    await thinks(morning);
    await work(morning, client, `/api/myway/my-paths/${first.assignmentId}/steps/${step.id}/open`);
  }
}

/** Launches the tool, which then sends a score. */
async function work(morning: Morning, client: TestClient, open: string): Promise<void> {
  const { answers, tool, addresses } = morning;
  const opened = await answers.note('open step', () => client.post(open));
  if (opened === null) return;
  const launched = await answers.note('launch', async () => {
    const begun = await client.get((opened.body as { url: string }).url);
    if (begun.status !== 302) return { ...begun, fields: {} };
    const initiation = new URL(begun.headers.get('location') as string).searchParams;
    return authenticate(addresses[next++ % addresses.length] as string, tool.authentication(initiation));
  });
  if (launched === null) return;
  const idToken = (launched.fields as Record<string, string> | undefined)?.['id_token'];
  if (idToken === undefined) return answers.missing('id_token');
  const claims = await tool.verify(idToken).catch(() => null);
  if (claims === null) return answers.missing('id_token that can be verified');
  const { lineitem } = claims['https://purl.imsglobal.org/spec/lti-ags/claim/endpoint'] as { lineitem: string };
  await thinks(morning);
  const body = JSON.stringify({
    userId: claims.sub,
    scoreGiven: Math.floor(Math.random() * 11),
    scoreMaximum: 10,
    activityProgress: 'Completed',
    gradingProgress: 'FullyGraded',
    timestamp: new Date().toISOString(),
  });
  const scored = await answers.note(
    'score',
    () =>
      fetch(new URL(`${new URL(lineitem).pathname}/scores`, addresses[next++ % addresses.length]), {
        method: 'POST',
        headers: { authorization: `Bearer ${morning.token()}`, 'content-type': mediaTypes.score },
        signal: AbortSignal.timeout(30_000),
        body,
      }),
    [200, 204],
  );
  if (scored !== null) answers.scores += 1;
}

/** Signs in and watches the board of the class until the morning is over. */
export async function teacher(morning: Morning, username: string, assignment: string): Promise<void> {
  const { answers } = morning;
  const client = clientOf(morning);
  if ((await answers.note('sign in', () => client.post('/api/login/session', { username, password: demoPassword }))) === null)
    return;
  while (!morning.over()) {
    await answers.note('board', () => client.get(`/api/myway/assignments/${assignment}/progress`));
    await thinks(morning);
  }
}
