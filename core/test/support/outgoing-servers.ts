import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer as createRaw, type Socket } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { cert, key } from './certificate.js';

export interface Counted {
  port: number;
  /** Path of each request. */
  asked: string[];
  headers: IncomingMessage['headers'][];
  /** Connections that were made, and those that are open. */
  connections: number;
  open: Set<Socket>;
  stop(): void;
}

type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** A server on an address of this machine. */
export async function serve(handler: Handler, { address = '127.0.0.1', port = 0, secure = false } = {}): Promise<Counted> {
  const counted: Counted = { port: 0, asked: [], headers: [], connections: 0, open: new Set(), stop: () => {} };
  const take: Handler = (request, response) => {
    counted.asked.push(request.url ?? '');
    counted.headers.push(request.headers);
    const path = request.url?.split('?')[0];
    handler(request, response, counted.asked.filter((each) => each.split('?')[0] === path).length);
  };
  const server = (secure ? createHttps({ cert, key }, take as never) : createHttp(take as never)) as Server;
  return listen(server, counted, address, port);
}

/** A server that says what it likes. */
export function serveRaw(talk: (socket: Socket) => void): Promise<Counted> {
  const counted: Counted = { port: 0, asked: [], headers: [], connections: 0, open: new Set(), stop: () => {} };
  return listen(createRaw((socket) => void socket.once('data', () => talk(socket))) as never, counted, '127.0.0.1', 0);
}

async function listen(server: Server, counted: Counted, address: string, port: number): Promise<Counted> {
  server.on('connection', (socket: Socket) => {
    counted.connections++;
    counted.open.add(socket.on('error', () => {}).on('close', () => counted.open.delete(socket)));
  });
  await new Promise<void>((resolve) => server.listen(port, address, resolve));
  counted.port = (server.address() as AddressInfo).port;
  counted.stop = () => {
    for (const socket of counted.open) socket.destroy();
    server.close();
  };
  return counted;
}

const bomb = Buffer.alloc(8 * 1024 * 1024);
const bombs = { gzip: gzipSync(bomb), br: brotliCompressSync(bomb) };

const head = (lines: string[], body = '') => `HTTP/1.1 200 OK\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
const compressed = (encoding: string, body: Uint8Array) => (socket: Socket) => {
  socket.write(head([`content-encoding: ${encoding}`, `content-length: ${body.length}`]));
  socket.end(body);
};
const drip = (text: string, piece: string) => (socket: Socket) => {
  socket.write(text);
  const timer = setInterval(() => socket.write(piece), 20);
  socket.on('close', () => clearInterval(timer));
};

/** Answers that a hostile or broken service gives, and what a call then fails with. */
export const hostileAnswers: [name: string, talk: (socket: Socket) => void, reason: string][] = [
  ['headers of 64 KiB', (socket) => socket.write(head([`x-long: ${'x'.repeat(65_536)}`])), 'bad-answer'],
  ['ten thousand headers', (socket) => socket.write(head(Array.from({ length: 10_000 }, (_, i) => `x-${i}: 1`))), 'bad-answer'],
  ['headers that never end', drip('HTTP/1.1 200 OK\r\n', 'x-more: 1\r\n'), 'timeout'],
  ['a body that never ends', drip(head(['transfer-encoding: chunked'], '1\r\nx\r\n'), '1\r\nx\r\n'), 'timeout'],
  ['nothing', () => {}, 'timeout'],
  [
    'an endless fast body',
    (socket) => {
      socket.write(head([]));
      const more = (): void => {
        while (!socket.destroyed && socket.write(Buffer.alloc(65_536))) {}
      };
      socket.on('drain', more);
      more();
    },
    'too-large',
  ],
  ['a longer body than is allowed', (socket) => socket.end(head(['content-length: 70000'], 'x'.repeat(70_000))), 'too-large'],
  ['a gzip bomb', compressed('gzip', bombs.gzip), 'too-large'],
  ['a brotli bomb', compressed('br', bombs.br), 'too-large'],
  ['a bomb in a bomb', compressed('gzip, gzip', gzipSync(bombs.gzip)), 'too-large'],
  ['broken gzip', compressed('gzip', Buffer.from('not gzip')), 'bad-answer'],
  ['what is no HTTP', (socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n'), 'bad-answer'],
  ['a status that is none', (socket) => socket.end('HTTP/1.1 999 Odd\r\ncontent-length: 0\r\n\r\n'), 'bad-answer'],
  ['two lengths', (socket) => socket.end(head(['content-length: 1', 'content-length: 2'], 'xx')), 'bad-answer'],
  ['a body that is cut off', (socket) => socket.end(head(['content-length: 10'], 'x')), 'unreachable'],
  ['a closed connection', (socket) => socket.destroy(), 'unreachable'],
];
