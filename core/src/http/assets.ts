import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import type { Context } from 'koa';
import { notFound } from '../contract/problem.js';
import { Compressible } from './compression.js';

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};
const compressible = new Set(['.js', '.css', '.json', '.svg']);

interface Asset {
  type: string;
  /** Reads the file, on the first request. */
  read(): Buffer;
  bytes: Buffer | Compressible | null;
}

/** An address with a hash of its content never has another. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/** What is sent for a query. */
type Answers = (query: URLSearchParams) => Compressible;

/**
 * The files that browsers may fetch. All are registered at start; a request's path is looked up among them and never used as a file path.
 */
export class Assets {
  readonly #assets = new Map<string, Asset>();
  readonly #answers = new Map<string, Answers>();

  /** Adds a folder whose file names already contain a hash. */
  addFolder(prefix: string, folder: string): void {
    for (const entry of readdirSync(folder, { recursive: true }) as string[]) {
      const file = join(folder, entry);
      if (statSync(file).isFile() && types[extname(file)] !== undefined)
        this.#put(`${prefix}${entry.split('\\').join('/')}`, () => readFileSync(file));
    }
  }

  /** Adds a file under a name with a hash of its content. Returns its URL and its `integrity`. */
  addFile(prefix: string, file: string): { url: string; integrity: string } {
    const bytes = readFileSync(file);
    const extension = extname(file);
    const url = hashed(`${prefix}${basename(file, extension)}`, bytes, extension);
    this.#put(url, () => readFileSync(file));
    return { url, integrity: integrityOf(bytes) };
  }

  /** Adds a file whose name already contains a hash. Returns its `integrity`. */
  addBuilt(prefix: string, file: string): string {
    this.#put(`${prefix}${basename(file)}`, () => readFileSync(file));
    return integrityOf(readFileSync(file));
  }

  /** Adds JSON that depends on the query, under an address with a hash of all that it depends on besides. */
  addAnswers(url: string, answers: Answers): void {
    this.#answers.set(url, answers);
  }

  async serve(ctx: Context): Promise<void> {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') throw notFound();
    const answers = this.#answers.get(ctx.path);
    const asset = this.#assets.get(ctx.path);
    if (answers !== undefined) {
      ctx.set('cache-control', FOR_EVER);
      ctx.type = 'application/json';
      return answers(new URLSearchParams(ctx.querystring)).send(ctx);
    }
    if (asset === undefined) throw notFound();
    ctx.set('cache-control', FOR_EVER);
    ctx.type = asset.type;
    asset.bytes ??= compressible.has(extname(ctx.path)) ? new Compressible(asset.read()) : asset.read();
    if (asset.bytes instanceof Compressible) await asset.bytes.send(ctx);
    else ctx.body = asset.bytes;
  }

  #put(url: string, read: () => Buffer): void {
    if (this.#assets.has(url)) return;
    this.#assets.set(url, { read, type: types[extname(url)] ?? 'application/octet-stream', bytes: null });
  }
}

/** For Subresource Integrity. SHA-256: the document has one for every file, and hashes do not compress. */
const integrityOf = (bytes: Buffer): string => `sha256-${createHash('sha256').update(bytes).digest('base64')}`;

const hashed = (name: string, bytes: Buffer, extension: string): string =>
  `${name}-${createHash('sha256').update(bytes).digest('hex').slice(0, 10)}${extension}`;
