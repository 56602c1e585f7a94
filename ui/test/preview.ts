import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { modulesFor, readBuiltPages } from '../../core/dist/http/page-elements.js';
import type { PortalPage, PortalSlot } from '../src/base/portal.js';
import type { Session } from '../src/base/session.js';
import type { AssetManifest } from '../src/build/assets.js';

const UI = fileURLToPath(new URL('../', import.meta.url));

const TYPES: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

export interface PreviewPlugin {
  id: string;
  /** The built module; a file that does not exist stands for a plugin whose file is gone. None: it is out of service. */
  entry?: string;
  messages?: string;
  pages?: PortalPage[];
  slots?: PortalSlot[];
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** The smallest server that the shell runs on: its page with the content security policy, its files, a session. */
export class Preview {
  session: Session | null = null;
  /** Answers of the API by `METHOD /path`. */
  readonly api = new Map<string, Handler>();
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  readonly #files = new Map<string, string>();
  /** Folders of messages by plugin. */
  readonly #messages = new Map<string, string>();
  #page = '';
  #policy = '';

  constructor(readonly plugins: readonly PreviewPlugin[]) {}

  async start(): Promise<string> {
    await this.#prepare();
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  async #prepare(): Promise<void> {
    const manifest = JSON.parse(await readFile(join(UI, 'dist/assets/manifest.json'), 'utf8')) as AssetManifest;
    const portal = {
      languages: ['nl', 'en', 'fr'],
      messages: Object.fromEntries(['nl', 'en', 'fr'].map((lng) => [lng, `/assets/messages/${lng}.json`])),
      plugins: this.plugins.map(({ id, entry, messages, pages = [], slots = [] }) => {
        if (entry === undefined) return { id, out: true, pages };
        this.#files.set(`/assets/${id}/index.js`, entry);
        if (messages !== undefined) this.#messages.set(id, messages);
        const built = readBuiltPages(existsSync(entry) ? readFileSync(entry, 'utf8') : '');
        for (const name of built.files) this.#files.set(`/assets/${id}/${name}`, join(dirname(entry), name));
        const withNeeds = <T extends { tag: string }>(element: T) => ({
          ...element,
          needs: modulesFor([...built.uses(element.tag), ...built.later(element.tag)], manifest.elements),
          modules: built.filesOf(element.tag)?.map((name) => `/assets/${id}/${name}`),
        });
        return { id, entry: `/assets/${id}/index.js`, pages: pages.map(withNeeds), slots: slots.map(withNeeds) };
      }),
    };
    const map = JSON.stringify({ imports: manifest.imports, integrity: manifest.integrity });
    this.#page = `<!doctype html>
<html lang="nl">
<head>
<meta charset="utf-8">
<script type="importmap">${map}</script>
<script type="application/json" id="ilearn-portal">${JSON.stringify(portal).replaceAll('<', '\\u003c')}</script>
<script>${manifest.boot}</script>
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>i-Learn</title>
<link rel="icon" href="${manifest.icon}" type="image/svg+xml">
${manifest.styles.map((url) => `<link rel="stylesheet" href="${url}">`).join('\n')}
${manifest.fonts.map((url) => `<link rel="preload" as="font" type="font/woff2" crossorigin href="${url}">`).join('\n')}
${manifest.preload.map((url) => `<link rel="modulepreload" href="${url}" integrity="${manifest.integrity[url]}">`).join('\n')}
<script type="module" src="${manifest.shell}"></script>
</head>
<body><il-shell></il-shell></body>
</html>`;
    this.#policy = [
      "default-src 'none'",
      `script-src 'self' ${[map, manifest.boot].map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`).join(' ')}`,
      "style-src 'self'",
      "img-src 'self' data:",
      "font-src 'self'",
      "connect-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'self'",
    ].join('; ');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const handler = this.api.get(`${request.method} ${pathname}`);
    if (handler) handler(request, response);
    else if (pathname === '/api/kernel/session') this.#answerSession(request, response);
    else if (pathname.startsWith('/api/'))
      json(response, request.method === 'PUT' ? 204 : 404, { title: 'Not found', status: 404 });
    else if (pathname.startsWith('/assets/messages/')) await this.#sendMessages(pathname.slice(17), response);
    else if (pathname.startsWith('/assets/')) await this.#sendFile(pathname, response);
    else {
      response.writeHead(200, {
        'content-type': 'text/html',
        'content-security-policy': this.#policy,
        'cache-control': 'no-cache',
      });
      response.end(this.#page);
    }
  }

  #answerSession(request: IncomingMessage, response: ServerResponse): void {
    if (request.method === 'DELETE') {
      this.session = null;
      response.writeHead(204).end();
    } else json(response, 200, { session: this.session });
  }

  async #sendMessages(name: string, response: ServerResponse): Promise<void> {
    const own = name.startsWith('nl') ? [] : ([['ui', join(UI, 'messages')]] as const);
    const read = [...own, ...this.#messages].map(async ([id, folder]) => [
      id,
      JSON.parse(await readFile(join(folder, name), 'utf8')),
    ]);
    json(response, 200, Object.fromEntries(await Promise.all(read)));
  }

  async #sendFile(path: string, response: ServerResponse): Promise<void> {
    const file = this.#files.get(path) ?? (path.startsWith('/assets/ui/') ? join(UI, 'dist/assets', path.slice(11)) : '');
    try {
      const content = await readFile(file);
      const cache = path.startsWith('/assets/ui/') ? 'public, max-age=31536000, immutable' : 'no-cache';
      response
        .writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', 'cache-control': cache })
        .end(content);
    } catch {
      json(response, 404, { title: 'Not found', status: 404 });
    }
  }
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' });
  response.end(status === 204 ? undefined : JSON.stringify(body));
}
