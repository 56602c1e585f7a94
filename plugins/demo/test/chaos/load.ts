import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { TestClient } from '@ilearn/core/testing';
import { demoPassword } from '@ilearn/plugin-demo';
import { authenticate, mediaTypes, scopes, type TestTool } from '../../../lti/test/support/tool.js';
import { EXERCISES } from './portal.js';

/** Maximum number of open requests. People who wait for an answer send nothing else, so a slow machine gets fewer requests. */
const MOST_OPEN = 60;
const TIMEOUT_MS = 30_000;

export type Kind = 'path' | 'score' | 'board';

/** A request of the load, with its response. */
export interface Sent {
  id: string;
  kind: Kind;
  /** 0: the connection was refused, cut or timed out. */
  status: number;
  /** For a failure: the problem's type, or the media type of the response. */
  reason: string;
  ms: number;
}

interface Place {
  lineItem: string;
  user: string;
  busy: boolean;
}

/** Load of people and a tool: a quarter of the requests create a path, half send a score, a quarter read the class board. */
export class Load {
  readonly sent: Sent[] = [];
  readonly #places: Place[] = [];
  #teacher: TestClient;
  #token = '';
  #board = '';
  #running: Promise<void> | null = null;
  #stopped = false;
  #next = 0;

  /** @param addresses targets of the requests, in turn: a proxy, or the web processes themselves */
  constructor(
    private readonly portalUrl: string,
    private readonly addresses: readonly string[],
    private readonly tool: TestTool,
    private readonly perSecond: number,
  ) {
    this.#teacher = this.#client();
  }

  /** Signs people in, assigns class 3A a path with the tool's exercises, and launches each exercise as each of two pupils. */
  async prepare(): Promise<void> {
    await this.#signIn(this.#teacher, 'lien.peeters');
    const found = await this.#teacher.get('/api/library/activities?q=Oefening&limit=100');
    const exercises = (found.body.activities as { id: string; title: string }[]).filter(({ title }) =>
      /^Oefening \d/.test(title),
    );
    if (exercises.length !== EXERCISES) throw new Error(`the library shows ${exercises.length} exercises, not ${EXERCISES}`);
    const path = await expectStatus(
      201,
      this.#teacher.post('/api/myway/paths', {
        title: 'Onder druk',
        sequence: 'free',
        activityIds: exercises.map(({ id }) => id),
      }),
    );
    const classes = (await this.#teacher.get('/api/myway/classes')).body as { id: string; name: string }[];
    const assigned = await expectStatus(
      201,
      this.#teacher.post(`/api/myway/paths/${path.id}/assignments`, { classId: classes.find(({ name }) => name === '3A')?.id }),
    );
    this.#board = `/api/myway/assignments/${assigned.id}/progress`;
    for (const username of ['noor.elamrani', 'wout.janssens']) {
      const pupil = this.#client();
      await this.#signIn(pupil, username);
      const trail = await expectStatus(200, pupil.get(`/api/myway/my-paths/${assigned.id}`));
      for (const { id } of trail.steps as { id: string }[]) {
        const { url } = await expectStatus(200, pupil.post(`/api/myway/my-paths/${assigned.id}/steps/${id}/open`));
        const initiation = new URL((await pupil.get(url)).headers.get('location') as string).searchParams;
        const { fields, status, html } = await authenticate(this.addresses[0] as string, this.tool.authentication(initiation));
        if (fields['id_token'] === undefined) throw new Error(`the launch was refused: ${status} ${html}`);
        const claims = await this.tool.verify(fields['id_token']);
        const { lineitem } = claims['https://purl.imsglobal.org/spec/lti-ags/claim/endpoint'] as { lineitem: string };
        this.#places.push({ lineItem: new URL(lineitem).pathname, user: claims.sub as string, busy: false });
      }
    }
    this.#token = await this.tool.token(scopes.score);
  }

  start(): void {
    this.#stopped = false;
    this.#running = this.#run();
  }

  /** Stops the load, and waits until every request has been answered. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    const open = new Set<Promise<void>>();
    const began = performance.now();
    for (let number = 0; !this.#stopped; number++) {
      const late = performance.now() - began - (number * 1_000) / this.perSecond;
      if (late < 0) await pause(-late);
      if (open.size >= MOST_OPEN) continue;
      const request = this.#send((['path', 'score', 'board', 'score'] as const)[number % 4] as Kind);
      open.add(request);
      void request.finally(() => open.delete(request));
    }
    await Promise.all(open);
  }

  async #send(kind: Kind): Promise<void> {
    const id = `chaos-${randomUUID()}`;
    // Send one score at a time for a pupil and step, so that none is refused as older than the previous one.
    const place = kind === 'score' ? this.#places.find(({ busy }) => !busy) : undefined;
    if (kind === 'score' && place === undefined) return;
    if (place !== undefined) place.busy = true;
    const began = performance.now();
    const { status, reason } = await this.#request(kind, id, place);
    this.sent.push({ id, kind, status, reason, ms: performance.now() - began });
    if (place !== undefined) {
      place.busy = false;
      // Move it to the end of the queue.
      this.#places.push(...this.#places.splice(this.#places.indexOf(place), 1));
    }
  }

  async #request(kind: Kind, id: string, place: Place | undefined): Promise<Pick<Sent, 'status' | 'reason'>> {
    const headers: Record<string, string> = { 'x-request-id': id };
    const cookie = `ilearn=${this.#teacher.cookie('ilearn')}`;
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const address = this.addresses[this.#next++ % this.addresses.length] as string;
    const json = 'application/json';
    const ask = (path: string, init: RequestInit) => fetch(new URL(path, address), { ...init, signal });
    try {
      const answer = await (kind === 'board'
        ? ask(this.#board, { headers: { ...headers, cookie } })
        : kind === 'path'
          ? ask('/api/myway/paths', {
              method: 'POST',
              headers: { ...headers, cookie, origin: this.portalUrl, 'content-type': json },
              body: JSON.stringify({ title: id, activityIds: [] }),
            })
          : ask(`${place?.lineItem}/scores`, {
              method: 'POST',
              headers: { ...headers, authorization: `Bearer ${this.#token}`, 'content-type': mediaTypes.score },
              body: JSON.stringify({
                userId: place?.user,
                scoreGiven: Math.floor(Math.random() * 11),
                scoreMaximum: 10,
                activityProgress: 'Completed',
                gradingProgress: 'FullyGraded',
                timestamp: new Date().toISOString(),
                comment: id,
              }),
            }));
      const body = await answer.text();
      return { status: answer.status, reason: answer.ok ? '' : reasonOf(answer, body) };
    } catch (error) {
      return { status: 0, reason: (error as Error).name };
    }
  }

  #client(): TestClient {
    return new TestClient(this.addresses[0] as string, this.portalUrl);
  }

  async #signIn(client: TestClient, username: string): Promise<void> {
    await expectStatus(200, client.post('/api/login/session', { username, password: demoPassword }));
  }
}

function reasonOf({ headers }: Response, body: string): string {
  const mediaType = headers.get('content-type') ?? 'no body';
  return mediaType.startsWith('application/problem+json') ? (JSON.parse(body) as { type: string }).type : mediaType;
}

async function expectStatus(status: number, answering: ReturnType<TestClient['get']>): Promise<any> {
  const answer = await answering;
  if (answer.status !== status) throw new Error(`answered ${answer.status}, not ${status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}
