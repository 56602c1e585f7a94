import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Problem } from './messages.js';

/** What pages are told: which edition of the portal serves, and what is wrong with the newest. */
export interface DevState {
  edition: number;
  problems: Problem[];
}

/** What the front asks of the supervisor. */
export interface Behind {
  /** Port of the running portal, once one runs; null if the last start failed. */
  port(): Promise<number | null>;
  /** The cookie of a new session; null if this portal is not one that `ilearn dev` made. */
  signIn(role: string): Promise<string | null>;
  /** Roles to sign in with, and the page to show then. */
  about(): { roles: string[]; page: string };
}

const PREFIX = '/@dev/';
const client = readFileSync(new URL('./page-client.js', import.meta.url), 'utf8');

/**
 * The address that the browser uses. It passes requests to the portal, lets them wait while the portal restarts, and adds a script to pages
 * that reloads them and shows what is wrong. The portal itself knows nothing of this.
 */
export class Front {
  readonly #server: Server;
  readonly #pages = new Set<ServerResponse>();
  #state: DevState = { edition: 0, problems: [] };
  #hosts: string[] = [];

  constructor(private readonly behind: Behind) {
    this.#server = createServer((req, res) => {
      this.#serve(req, res).catch((error: Error) => {
        if (res.headersSent) res.destroy();
        else
          res
            .writeHead(502, { 'content-type': 'text/plain; charset=utf-8' })
            .end(`The portal did not answer: ${error.message}\n`);
      });
    });
  }

  /** Listens on this machine only, and returns the address. */
  async listen(port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => this.#server.once('error', reject).listen(port, '127.0.0.1', resolve));
    const { port: actual } = this.#server.address() as AddressInfo;
    this.#hosts = [`localhost:${actual}`, `127.0.0.1:${actual}`];
    return `http://localhost:${actual}`;
  }

  tell(state: DevState): void {
    this.#state = state;
    for (const page of this.#pages) page.write(eventOf(state));
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (req.url?.startsWith(PREFIX)) return this.#serveOwn(req, res);
    const port = await this.behind.port();
    const isPage = req.method === 'GET' && /text\/html/.test(req.headers.accept ?? '');
    if (port === null) return this.#excuse(isPage, res);
    const headers = { ...req.headers };
    // The page is changed on its way, so it has to come whole and readable.
    if (isPage) for (const name of ['accept-encoding', 'if-none-match']) delete headers[name];
    await new Promise<void>((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, method: req.method, path: req.url, headers }, (answer) => {
        const done =
          isPage && /^text\/html/.test(answer.headers['content-type'] ?? '') ? this.#inject(answer, res) : pass(answer, res);
        done.then(resolve, reject);
      });
      asked.once('error', reject);
      res.once('close', () => asked.destroy());
      req.pipe(asked);
    });
  }

  async #inject(answer: IncomingMessage, res: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of answer) parts.push(part as Buffer);
    const html = Buffer.concat(parts)
      .toString()
      .replace('</body>', () => `${this.#script()}</body>`);
    const { 'content-length': _, etag: __, ...headers } = answer.headers;
    res.writeHead(answer.statusCode ?? 200, {
      ...headers,
      'content-length': Buffer.byteLength(html),
      'cache-control': 'no-store',
    });
    res.end(html);
  }

  #script(): string {
    return `<script type="module" src="${PREFIX}client.js" data-edition="${this.#state.edition}" id="ilearn-dev"></script>`;
  }

  /** No portal runs: the page shows why, and reloads once one does. */
  #excuse(isPage: boolean, res: ServerResponse): void {
    const [type, text] = isPage
      ? [
          'text/html',
          `<!doctype html><html lang="en"><meta charset="utf-8"><title>i-Learn</title><body>${this.#script()}</body></html>`,
        ]
      : ['text/plain', 'The portal does not run; ilearn dev says why.\n'];
    res.writeHead(503, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' }).end(text);
  }

  async #serveOwn(req: IncomingMessage, res: ServerResponse): Promise<void> {
    // A page elsewhere could let its name resolve to this machine.
    if (!this.#hosts.includes(req.headers.host ?? '')) {
      res.writeHead(403).end();
      return;
    }
    // A page elsewhere could also lead here, and change who is signed in.
    if (!['none', 'same-origin', undefined].includes(req.headers['sec-fetch-site'] as string | undefined)) {
      res.writeHead(403).end();
      return;
    }
    const { pathname, searchParams } = new URL(req.url ?? '', 'http://localhost');
    const headers = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
    if (pathname === `${PREFIX}client.js`) res.writeHead(200, { ...headers, 'content-type': 'text/javascript' }).end(client);
    else if (pathname === `${PREFIX}events`) this.#follow(res);
    else if (pathname === PREFIX)
      res.writeHead(200, { ...headers, 'content-type': 'text/html; charset=utf-8' }).end(this.#signInPage());
    else if (pathname === `${PREFIX}sign-in`) await this.#signIn(searchParams.get('role') ?? '', res);
    else res.writeHead(404).end();
  }

  #follow(res: ServerResponse): void {
    res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    res.write(eventOf(this.#state));
    this.#pages.add(res);
    res.once('close', () => this.#pages.delete(res));
  }

  async #signIn(role: string, res: ServerResponse): Promise<void> {
    const { roles, page } = this.behind.about();
    const cookie = roles.includes(role) ? await this.behind.signIn(role) : null;
    if (cookie === null) res.writeHead(404).end();
    else res.writeHead(303, { location: page, 'set-cookie': `${cookie}; Path=/; HttpOnly; SameSite=Lax` }).end();
  }

  #signInPage(): string {
    const links = this.behind
      .about()
      .roles.map((role) => `<li><a href="${PREFIX}sign-in?role=${encodeURIComponent(role)}">${role}</a></li>`);
    const list = links.length === 0 ? '<p>Sign in as in any portal.</p>' : `<p>Sign in as</p><ul>${links.join('')}</ul>`;
    return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>ilearn dev</title><h1>ilearn dev</h1>${list}<p><a href="/">The portal</a></p></html>`;
  }
}

const eventOf = (state: DevState): string => `data: ${JSON.stringify(state)}\n\n`;

function pass(answer: IncomingMessage, res: ServerResponse): Promise<void> {
  res.writeHead(answer.statusCode ?? 200, answer.headers);
  res.flushHeaders();
  answer.pipe(res);
  return new Promise((resolve) => res.once('close', resolve));
}
