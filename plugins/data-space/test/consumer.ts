import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestPlatform } from '@ilearn/core/testing';
import { expect } from 'vitest';
import { checkAnswer, checkVersionsAnswer, faultsOf } from './message-schemas.js';

export const CONTEXT = 'https://w3id.org/dspace/2025/1/context.jsonld';
const root = '/api/data-space';
const base = '/dsp/2025-1';

/** A consumer of the protocol, with a server that takes callbacks. It knows the specification, and nothing of the portal's code. */
export class Consumer {
  readonly callbacks: { path: string; body: any; authorization: string | undefined }[] = [];
  /** What was wrong with callbacks, by the schemas of the protocol. */
  readonly faults: string[] = [];
  /** What it answers to callbacks. */
  answer: { status: number; body?: string } = { status: 200 };
  #server: Server | undefined;
  address = '';

  async listen(): Promise<string> {
    this.#server = createServer(async (request, response) => {
      let text = '';
      for await (const part of request) text += part;
      const body = JSON.parse(text);
      this.callbacks.push({ path: request.url ?? '', body, authorization: request.headers.authorization });
      this.faults.push(...faultsOf(body));
      response.writeHead(this.answer.status, { 'content-type': 'application/json' }).end(this.answer.body ?? '{}');
    });
    await new Promise<void>((resolve) => this.#server?.listen(0, '127.0.0.1', resolve));
    this.address = `http://127.0.0.1:${(this.#server?.address() as AddressInfo).port}`;
    return this.address;
  }

  close(): void {
    this.#server?.close();
  }
}

export interface Answered {
  status: number;
  body: any;
  headers: Headers;
}

/** Calls the portal with the token of a partner. Answers below the path of the protocol are checked by its schemas, and so is what it accepts. */
export class Calls {
  constructor(
    readonly portal: TestPlatform,
    readonly token: string | null,
  ) {}

  async call(method: 'GET' | 'POST', path: string, body?: object): Promise<Answered> {
    const response = await fetch(`${this.portal.url}${root}${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(this.token === null ? {} : { authorization: `Bearer ${this.token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const answered = { status: response.status, headers: response.headers, body: text.startsWith('{') ? JSON.parse(text) : text };
    if (path.startsWith(base)) {
      checkAnswer(path.slice(base.length), answered.status, answered.body);
      if (body !== undefined && answered.status < 300) expect(faultsOf(body), `what ${path} accepted`).toEqual([]);
    }
    if (path === '/.well-known/dspace-version') checkVersionsAnswer(answered.body);
    return answered;
  }

  get = (path: string) => this.call('GET', `${base}${path}`);
  post = (path: string, type: string, members: object = {}) =>
    this.call('POST', `${base}${path}`, { '@context': [CONTEXT], '@type': type, ...members });
}
