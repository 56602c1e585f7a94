import { randomBytes } from 'node:crypto';
import { isExercise } from './exercises/exercises.js';
import { ExpiringMap } from './expiring-map.js';
import { LaunchError, Launches } from './lti/launch.js';
import { ScoreSender } from './lti/scores.js';
import type { ToolKey } from './lti/tool-key.js';
import { type Message, messagePage } from './pages/message-page.js';
import { questionPage } from './pages/question-page.js';
import { resultPage } from './pages/result-page.js';
import { style } from './pages/style.js';
import type { Platform } from './platform.js';
import { Session } from './session.js';
import { languageFor, translator } from './texts.js';

export interface ToolRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  /** Fields of a posted form; empty otherwise. */
  form: URLSearchParams;
  /** Language that the browser prefers. */
  language: string;
}

export interface ToolResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface AppOptions {
  platform: Platform;
  /** This tool's address, without a trailing slash. */
  url: string;
  key: ToolKey;
  log(line: string): void;
}

type Handler = (request: ToolRequest) => ToolResponse | Promise<ToolResponse>;

const sessionLifetimeMs = 4 * 60 * 60 * 1000;

/**
 * The practice tool: receives launches, runs exercises, sends scores. Sessions are kept in memory and identified by a secret in the form.
 */
export class App {
  readonly #sessions = new ExpiringMap<Session>(sessionLifetimeMs);
  readonly #launches: Launches;
  readonly #scores: ScoreSender;
  readonly #routes: Record<string, Handler>;

  constructor(private readonly options: AppOptions) {
    this.#launches = new Launches(options.platform, `${options.url}/launch`);
    this.#scores = new ScoreSender(options.platform, options.key);
    this.#routes = {
      'GET /': ({ language }) => message(200, { language, key: 'welcome' }),
      'GET /style.css': () => ({
        status: 200,
        headers: { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'max-age=3600' },
        body: style,
      }),
      'GET /jwks': () => ({
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ keys: [options.key.jwk] }),
      }),
      'GET /login': ({ query, language }) => this.#begin(query, language),
      'POST /login': ({ form, language }) => this.#begin(form, language),
      'POST /launch': (request) => this.#launch(request),
      'GET /exercise': (request) => this.#show(request),
      'POST /answer': (request) => this.#inSession(request, (session) => this.#answer(session, request.form)),
      'POST /next': (request) => this.#inSession(request, (session) => session.next()),
      'POST /again': (request) => this.#inSession(request, (session) => session.restart()),
      'POST /send': (request) => this.#inSession(request, (session) => this.#send(session)),
    };
  }

  async handle(request: ToolRequest): Promise<ToolResponse> {
    const handler = this.#routes[`${request.method} ${request.path}`];
    return handler === undefined ? message(404, { language: request.language, key: 'lost' }) : handler(request);
  }

  #begin(initiation: URLSearchParams, language: string): ToolResponse {
    return this.#orRefuse(language, () => redirect(this.#launches.begin(initiation), 302));
  }

  async #launch({ form, language }: ToolRequest): Promise<ToolResponse> {
    return this.#orRefuse(language, async () => {
      const launch = await this.#launches.finish(form);
      const spoken = languageFor(launch.locale);
      if (!isExercise(launch.exercise)) {
        this.options.log(`launch of an unknown exercise: ${JSON.stringify(launch.exercise)}`);
        return message(404, { language: spoken, key: 'unknownExercise', returnUrl: launch.returnUrl });
      }
      const token = randomBytes(32).toString('base64url');
      this.#sessions.set(token, new Session(launch, launch.exercise, spoken));
      return redirect(`/exercise?s=${token}`);
    });
  }

  #orRefuse<T extends ToolResponse | Promise<ToolResponse>>(language: string, fn: () => T): T | ToolResponse {
    const refuse = (error: unknown): ToolResponse => {
      if (!(error instanceof LaunchError)) throw error;
      this.options.log(`launch refused: ${error.message}`);
      return message(400, { language, key: 'refused', detail: error.message });
    };
    try {
      const answer = fn();
      return answer instanceof Promise ? (answer.catch(refuse) as T) : answer;
    } catch (error) {
      return refuse(error);
    }
  }

  #show({ query, language }: ToolRequest): ToolResponse {
    const token = query.get('s') ?? '';
    const session = this.#sessions.get(token);
    if (session === undefined) return message(404, { language, key: 'lost' });
    const t = translator(session.language);
    return page(200, session.done ? resultPage(session, token, t) : questionPage(session, token, t));
  }

  /** Changes a session and redirects to its page, so that a reload does not repeat the change. */
  async #inSession({ form, language }: ToolRequest, change: (session: Session) => void | Promise<void>): Promise<ToolResponse> {
    const token = form.get('s') ?? '';
    const session = this.#sessions.get(token);
    if (session === undefined) return message(404, { language, key: 'lost' });
    await change(session);
    return redirect(`/exercise?s=${token}`);
  }

  async #answer(session: Session, form: URLSearchParams): Promise<void> {
    const before = session.finishedAt;
    session.answer(Number(form.get('position') ?? Number.NaN), form.get('answer') ?? '');
    if (session.finishedAt !== before) await this.#send(session);
  }

  /** Sends the score of a learner, but not of a teacher who tries the exercise. */
  async #send(session: Session): Promise<void> {
    const { launch, finishedAt, right, questions, delivery } = session;
    if (finishedAt === null || launch.lineItem === null || !launch.isLearner || delivery === 'sent') return;
    try {
      await this.#scores.send({
        lineItem: launch.lineItem,
        userId: launch.userId,
        given: right,
        maximum: questions.length,
        at: finishedAt,
      });
      session.delivery = 'sent';
    } catch (error) {
      session.delivery = 'failed';
      this.options.log(`score not sent: ${(error as Error).message}`);
    }
  }
}

const page = (status: number, body: string): ToolResponse => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  body,
});

/** See Other: the browser follows with GET. */
const redirect = (location: string, status: 302 | 303 = 303): ToolResponse => ({
  status,
  headers: { location, 'cache-control': 'no-store' },
  body: '',
});

function message(status: number, { language, ...rest }: Message): ToolResponse {
  return page(status, messagePage({ language, ...rest }, translator(language)));
}
