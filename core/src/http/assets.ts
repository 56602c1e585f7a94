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

/**
 * The files that browsers may fetch. All are registered at start; a request's path is looked up among them and never used as a file path.
 */
export class Assets {
  readonly #assets = new Map<string, Asset>();

  /** Adds a folder whose file names already contain a hash. */
  addFolder(prefix: string, folder: string): void {
    for (const entry of readdirSync(folder, { recursive: true }) as string[]) {
      const file = join(folder, entry);
      if (statSync(file).isFile() && types[extname(file)] !== undefined)
        this.#put(`${prefix}${entry.split('\\').join('/')}`, () => readFileSync(file));
    }
  }

  /** Adds a file under a name with a hash of its content. Returns its URL, and its SHA-384 for `integrity`. */
  addFile(prefix: string, file: string): { url: string; integrity: string } {
    const bytes = readFileSync(file);
    const extension = extname(file);
    const url = hashed(`${prefix}${basename(file, extension)}`, bytes, extension);
    this.#put(url, () => readFileSync(file));
    return { url, integrity: `sha384-${createHash('sha384').update(bytes).digest('base64')}` };
  }

  /** Adds text under a name with a hash of it. Returns its URL. */
  addText(name: string, text: string, extension: string): string {
    const bytes = Buffer.from(text);
    const url = hashed(name, bytes, extension);
    this.#put(url, () => bytes);
    return url;
  }

  async serve(ctx: Context): Promise<void> {
    const asset = this.#assets.get(ctx.path);
    if (asset === undefined || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) throw notFound();
    ctx.set('cache-control', 'public, max-age=31536000, immutable');
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

const hashed = (name: string, bytes: Buffer, extension: string): string =>
  `${name}-${createHash('sha256').update(bytes).digest('hex').slice(0, 10)}${extension}`;
