import { createServer, type IncomingMessage, type Server } from 'node:http';
import { App, type AppOptions, type ToolRequest } from './app.js';
import { languageFor } from './texts.js';

const largestForm = 64 * 1024;

class TooLarge extends Error {}

/** Creates the tool's web server, which does not listen yet. */
export function createToolServer(options: AppOptions): Server {
  const app = new App(options);
  const origin = new URL(options.platform.issuer).origin;
  const headers = {
    // The portal may frame the tool; the tool loads from, and posts to, itself only.
    'content-security-policy': `default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'self' ${origin}`,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  };
  return createServer({ requestTimeout: 30_000 }, async (request, response) => {
    try {
      const answer = await app.handle(await read(request));
      response.writeHead(answer.status, { ...headers, ...answer.headers });
      response.end(request.method === 'HEAD' ? undefined : answer.body);
    } catch (error) {
      const status = error instanceof TooLarge ? 413 : 500;
      if (status === 500) options.log(`request failed: ${(error as Error).stack}`);
      response.writeHead(status, { ...headers, connection: 'close' }).end();
    }
  });
}

async function read(request: IncomingMessage): Promise<ToolRequest> {
  const url = new URL(`http://tool${request.url?.startsWith('/') ? request.url : '/'}`);
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  return {
    method: request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET'),
    path: url.pathname,
    query: url.searchParams,
    form: new URLSearchParams(request.method === 'POST' && isForm ? await readText(request) : ''),
    language: languageFor(request.headers['accept-language']?.split(',')[0] ?? 'nl'),
  };
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > largestForm) throw new TooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
