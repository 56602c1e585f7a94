import { createReadStream } from 'node:fs';
import { type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { AwsV4Signer } from 'aws4fetch';
import type { S3Settings } from '../config/settings.js';
import { type FileStore, type LocalFile, MissingBytes } from './file-store.js';

const IDLE_MS = 30_000;
const TRIES = 3;
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

interface Ask {
  query?: Record<string, string>;
  headers?: Record<string, string>;
  file?: LocalFile;
}

/**
 * Stores files in a bucket of an S3-compatible service, addressed by path (`<endpoint>/<bucket>/<key>`), with requests signed by Signature
 * Version 4.
 */
export class S3Store implements FileStore {
  constructor(private readonly settings: S3Settings) {}

  /** Lists at most one key. @throws Error if the bucket cannot be read with these credentials */
  async check(): Promise<void> {
    await this.#ask('GET', null, { query: { 'list-type': '2', prefix: this.settings.prefix, 'max-keys': '1' } });
  }

  async put(key: string, file: LocalFile): Promise<void> {
    await this.#ask('PUT', key, { file });
  }

  async *read(key: string, from: number, to: number): AsyncGenerator<Uint8Array> {
    if (to <= from) return;
    const answer = await this.#send('GET', key, { headers: { range: `bytes=${from}-${to - 1}` } });
    try {
      if (answer.statusCode === 404) throw new MissingBytes(key);
      if (answer.statusCode !== 206 && !(answer.statusCode === 200 && from === 0)) throw await fault('GET', answer);
      yield* answer as AsyncIterable<Buffer>;
    } finally {
      answer.destroy();
    }
  }

  async remove(key: string): Promise<void> {
    await this.#ask('DELETE', key);
  }

  async removeBelow(prefix: string): Promise<void> {
    const below = `${this.settings.prefix}${prefix}/`;
    for (;;) {
      const list = await this.#ask('GET', null, { query: { 'list-type': '2', prefix: below, 'max-keys': '1000' } });
      // Keys are plain ASCII, so the XML contains no escapes in them.
      const keys = [...list.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key = '']) => key);
      if (keys.length === 0) return;
      for (const key of keys) await this.remove(key.slice(this.settings.prefix.length));
    }
  }

  /** Retries if the service or the network fails; all requests are safe to repeat. */
  async #ask(method: string, key: string | null, ask: Ask = {}): Promise<string> {
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await this.#send(method, key, ask);
        const { statusCode = 0 } = answer;
        if (statusCode < 300 || (method === 'DELETE' && statusCode === 404)) return await text(answer);
        throw await fault(method, answer);
      } catch (error) {
        const { status } = error as { status?: number };
        if (attempt === TRIES || (status !== undefined && status < 500)) throw error;
        await pause(200 * attempt);
      }
    }
  }

  async #send(method: string, key: string | null, { query = {}, headers = {}, file }: Ask): Promise<IncomingMessage> {
    const { endpoint, bucket, prefix, region, accessKeyId, secretAccessKey } = this.settings;
    const url = new URL(`${endpoint}/${bucket}${key === null ? '' : `/${prefix}${key}`}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const signer = new AwsV4Signer({
      method,
      url: url.href,
      headers: { ...headers, 'x-amz-content-sha256': file?.sha256 ?? EMPTY },
      accessKeyId,
      secretAccessKey,
      service: 's3',
      region,
    });
    const signed = await signer.sign();
    const sent = {
      method,
      headers: {
        ...Object.fromEntries(signed.headers as Headers),
        ...(file === undefined ? {} : { 'content-length': file.bytes }),
      },
      timeout: IDLE_MS,
    };
    const request = (url.protocol === 'https:' ? overHttps : overHttp)(signed.url, sent);
    request.on('timeout', () => request.destroy(new Error(`the S3 store did not answer within ${IDLE_MS / 1000} s`)));
    const answered = new Promise<IncomingMessage>((resolve, reject) => request.once('response', resolve).once('error', reject));
    if (file === undefined) request.end();
    // A failed upload fails the request, unless an answer came first.
    else pipeline(createReadStream(file.path), request).catch((error) => request.destroy(error));
    return answered;
  }
}

/** Leaves out the body, which may quote the request. */
async function fault(method: string, answer: IncomingMessage): Promise<Error> {
  const code = /<Code>(\w+)<\/Code>/.exec((await text(answer)).slice(0, 10_000))?.[1] ?? '';
  const status = answer.statusCode ?? 0;
  const remedy = 'Check FILES_S3_ENDPOINT, the bucket, the region and the keys, and that the service is running.';
  return Object.assign(new Error(`the S3 store answered ${status} ${code} to ${method}`), { status, remedy });
}
