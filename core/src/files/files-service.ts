import { createHash } from 'node:crypto';
import { currentFrame } from '../context/frame.js';
import type { SqlIdentity } from '../context/unit.js';
import type { FileReply, Files } from '../contract/file-service.js';
import type { FileDeclaration, FileOwners, StoredFile, Upload } from '../contract/files.js';
import { forbidden, notFound } from '../contract/problem.js';
import { Reply } from '../contract/reply.js';
import { quote, type RoleNames, schemaOf } from '../database/names.js';
import { kernelIdentity } from '../database/unit/sql-identity.js';
import { fileTenantColumn } from '../foundation/file-tables.js';
import type { CheckedPlugin } from '../foundation/plugin.js';
import { attachment } from './file-name.js';
import { matches, rangeOf } from './ranges.js';
import type { Received } from './receive-file.js';
import type { FileStorage } from './storage.js';
import { overQuota } from './upload-problems.js';

export interface FileParts {
  names: RoleNames;
  storage: FileStorage;
  quotaBytes: number;
}

interface Row {
  id: string;
  name: string;
  type: string;
  bytes: string;
  sha256: string;
  thumbnail: number | null;
  sealed: boolean;
  [column: string]: unknown;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Files of one plugin. Rows are read under its runtime role and created under its owner role; row-level security applies to both. */
export class FilesService implements Files {
  readonly #plugin: CheckedPlugin;
  readonly #parts: FileParts;

  constructor(plugin: CheckedPlugin, parts: FileParts) {
    this.#plugin = plugin;
    this.#parts = parts;
  }

  async keep(kind: string, upload: Upload, { tenant = null, people = {} }: FileOwners): Promise<StoredFile> {
    const declaration = this.#declared(kind);
    const received = upload as Received;
    const { id, name, type, bytes, sha256, thumbnail, sealed } = received;
    const { unit, principal } = currentFrame(this.#plugin.id);
    const scope = principal.tenants;
    if (tenant !== null && scope !== '*' && !scope.includes(tenant)) throw forbidden('You may not store files there.');
    // Deleting the upload's row ensures that it is kept only once, and not removed as abandoned.
    const { rowCount } = await unit.kernel('delete from kernel.file_uploads where id = $1 and plugin = $2 and kind = $3', [
      id,
      this.#plugin.id,
      kind,
    ]);
    if (rowCount === 0) throw new Error(`${this.#plugin.id}: the upload is not a "${kind}", or was kept already`);
    if (tenant !== null) await this.#makeRoom(tenant, bytes + (thumbnail ?? 0));
    const column = fileTenantColumn(declaration);
    if (column === null && tenant !== null)
      throw new Error(`${this.#plugin.id}: files.${kind} belong to no tenant; leave it out`);
    const odd = Object.keys(people).find((each) => declaration.people?.[each] === undefined);
    if (odd !== undefined) throw new Error(`${this.#plugin.id}: files.${kind} declares no column "${odd}" of people`);
    const row: Record<string, unknown> = { id, name, type, bytes, sha256, thumbnail, sealed, ...people };
    if (column !== null) row[column] = tenant;
    const columns = Object.keys(row);
    await unit.query(this.#identity('owner'), {
      text: `insert into ${quote(kind)} (${columns.map(quote).join(', ')}) values (${columns.map((_, at) => `$${at + 1}`).join(', ')})`,
      values: Object.values(row),
    });
    return { id, name, type, bytes, sha256, thumbnail };
  }

  async find(kind: string, id: string): Promise<StoredFile | null> {
    const row = await this.#row(kind, id);
    if (row === null) return null;
    const { name, type, bytes, sha256, thumbnail } = row;
    return { id: row.id, name, type, bytes: Number(bytes), sha256, thumbnail };
  }

  async open(kind: string, id: string, { thumbnail = false }: { thumbnail?: boolean } = {}): Promise<FileReply> {
    const { http } = currentFrame(this.#plugin.id);
    if (http === null) throw new Error(`${this.#plugin.id}: files.open works only in a request; elsewhere use files.bytes`);
    const row = await this.#row(kind, id);
    if (row === null || (thumbnail && row.thumbnail === null)) throw notFound();
    const bytes = thumbnail ? (row.thumbnail as number) : Number(row.bytes);
    const tag = `"${row.sha256.slice(0, 32)}${thumbnail ? '-t' : ''}"`;
    // Browsers must revalidate each time, so that the right is checked at each fetch.
    const headers: Record<string, string> = { etag: tag, 'cache-control': 'private, no-cache' };
    if (matches(http.header('if-none-match'), tag)) return new Reply(304 as const, undefined, headers);
    const ifRange = http.header('if-range');
    const range = ifRange === undefined || ifRange === tag ? rangeOf(http.header('range'), bytes) : null;
    const { from, to } = range ?? { from: 0, to: bytes };
    Object.assign(headers, {
      'accept-ranges': 'bytes',
      'content-type': thumbnail ? 'image/webp' : row.type,
      'content-disposition': attachment(thumbnail ? `${row.name}.webp` : row.name || 'file'),
      'content-length': String(to - from),
    });
    if (range !== null) headers['content-range'] = `bytes ${from}-${to - 1}/${bytes}`;
    const of = { plugin: this.#plugin.id, kind, id: row.id, thumbnail };
    const body = this.#parts.storage.read(of, bytes, row.sealed, { from, to });
    return range === null ? new Reply(200 as const, body, headers) : new Reply(206 as const, body, headers);
  }

  async bytes(kind: string, id: string): Promise<AsyncIterable<Uint8Array>> {
    const row = await this.#row(kind, id);
    if (row === null) throw notFound();
    const of = { plugin: this.#plugin.id, kind, id: row.id, thumbnail: false };
    return this.#parts.storage.read(of, Number(row.bytes), row.sealed);
  }

  async remove(kind: string, id: string): Promise<boolean> {
    this.#declared(kind);
    if (!uuid.test(id)) return false;
    const { unit } = currentFrame(this.#plugin.id);
    const text = `delete from ${quote(kind)} where id = $1`;
    return ((await unit.query(this.#identity('runtime'), { text, values: [id] })).rowCount ?? 0) > 0;
  }

  /** Locks and sums up the tenant's usage, so that no other unit of work stores a file for it at the same time. */
  async #makeRoom(tenant: string, bytes: number): Promise<void> {
    const { unit } = currentFrame(this.#plugin.id);
    // A positive key, because locks of plugins have negative keys.
    const key = createHash('sha256').update(`files/${tenant}`).digest().readBigInt64BE() & 0x7fff_ffff_ffff_ffffn;
    await unit.queryHeld(kernelIdentity, { text: 'select pg_advisory_xact_lock($1::bigint)', values: [key.toString()] });
    const { rows } = await unit.kernel<{ used: string }>(
      'select coalesce(sum(bytes), 0) as used from kernel.file_usage where tenant = $1',
      [tenant.toLowerCase()],
    );
    if (Number(rows[0]?.used) + bytes > this.#parts.quotaBytes) throw overQuota();
  }

  async #row(kind: string, id: string): Promise<Row | null> {
    this.#declared(kind);
    if (!uuid.test(id)) return null;
    const { unit } = currentFrame(this.#plugin.id);
    const text = `select id, name, type, bytes, sha256, thumbnail, sealed from ${quote(kind)} where id = $1`;
    const { rows } = await unit.query<Row>(this.#identity('runtime'), { text, values: [id] });
    return rows[0] ?? null;
  }

  #identity(role: 'runtime' | 'owner'): SqlIdentity {
    const { id } = this.#plugin;
    const { principal, viewer } = currentFrame(id);
    return { role: this.#parts.names[role](id), schema: schemaOf(id), tenants: principal.tenants, viewer };
  }

  #declared(kind: string): FileDeclaration {
    const { files = {} } = this.#plugin.definition;
    const declaration = Object.hasOwn(files, kind) ? files[kind] : undefined;
    if (declaration !== undefined) return declaration;
    throw new Error(`${this.#plugin.id}: files has no kind "${kind}"; it declares ${Object.keys(files).join(', ') || 'none'}`);
  }
}
