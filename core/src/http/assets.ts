import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Context } from 'koa';
import { notFound } from '../contract/problem.js';

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
const compress = {
  br: (bytes: Buffer) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }),
  gzip: (bytes: Buffer) => promisify(gzip)(bytes),
};

interface Asset {
  file: string;
  type: string;
  encodings: Map<string, Promise<Buffer>>;
}

/**
 * The files that browsers may fetch. All are registered at start; a request's path is looked up among them and never reaches the file
 * system.
 */
export class Assets {
  readonly #assets = new Map<string, Asset>();

  /** Adds a folder whose file names carry a hash already. */
  addFolder(prefix: string, folder: string): void {
    for (const entry of readdirSync(folder, { recursive: true }) as string[]) {
      const file = join(folder, entry);
      if (statSync(file).isFile() && types[extname(file)] !== undefined)
        this.#put(`${prefix}${entry.split('\\').join('/')}`, file);
    }
  }

  /** Adds a file under a name with a hash of its content. Returns its URL, and its SHA-384 for `integrity`. */
  addFile(prefix: string, file: string): { url: string; integrity: string } {
    const bytes = readFileSync(file);
    const extension = extname(file);
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 10);
    const url = `${prefix}${basename(file, extension)}-${hash}${extension}`;
    this.#put(url, file);
    return { url, integrity: `sha384-${createHash('sha384').update(bytes).digest('base64')}` };
  }

  async serve(ctx: Context): Promise<void> {
    const asset = this.#assets.get(ctx.path);
    if (asset === undefined || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) throw notFound();
    ctx.set('cache-control', 'public, max-age=31536000, immutable');
    ctx.set('vary', 'accept-encoding');
    ctx.type = asset.type;
    const encoding = compressible.has(extname(asset.file)) ? ctx.acceptsEncodings('br', 'gzip', 'identity') : 'identity';
    if (encoding === 'br' || encoding === 'gzip') ctx.set('content-encoding', encoding);
    ctx.body = await encoded(asset, encoding === 'br' || encoding === 'gzip' ? encoding : 'identity');
  }

  #put(url: string, file: string): void {
    this.#assets.set(url, { file, type: types[extname(file)] ?? 'application/octet-stream', encodings: new Map() });
  }
}

/** Compressed once, when first requested. */
function encoded(asset: Asset, encoding: 'br' | 'gzip' | 'identity'): Promise<Buffer> {
  let bytes = asset.encodings.get(encoding);
  if (bytes === undefined) {
    const plain = readFileSync(asset.file);
    bytes = encoding === 'identity' ? Promise.resolve(plain) : compress[encoding](plain);
    asset.encodings.set(encoding, bytes);
  }
  return bytes;
}
