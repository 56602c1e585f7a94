import type { IncomingMessage } from 'node:http';
import type { FileSettings } from '../config/settings.js';
import type { Unit } from '../context/unit.js';
import type { UploadFields } from '../contract/files.js';
import type { TenantScope } from '../contract/principal.js';
import type { DatabaseHome } from '../database/homes/home.js';
import type { CheckedPlugin } from '../foundation/plugin.js';
import { type Multipart, receive } from './receive.js';
import type { FileStorage } from './storage.js';
import { removeBytes } from './sweep.js';
import { overQuota } from './upload-problems.js';

/** The uploads of one request. */
export interface ReceivedUploads extends Multipart {
  /** Removes those that no row keeps. */
  settle(): Promise<void>;
}

/** Receives the uploads of requests before their unit of work begins. */
export class Uploads {
  constructor(
    private readonly home: DatabaseHome,
    private readonly storage: FileStorage,
    private readonly settings: FileSettings,
  ) {}

  /**
   * The number of bytes that the tenants of a principal may still store: the maximum over these tenants, since the handler chooses one of
   * them.
   *
   * @throws Problem 413 if none may store more
   */
  async room(unit: Unit, tenants: TenantScope): Promise<number> {
    if (tenants === '*' || tenants.length === 0) return Number.POSITIVE_INFINITY;
    const { rows } = await unit.kernel<{ used: string }>(
      `select coalesce(sum(u.bytes), 0) as used from unnest($1::text[]) t left join kernel.file_usage u on u.tenant = t
       group by t order by 1 limit 1`,
      [tenants],
    );
    const room = this.settings.quotaBytes - Number(rows[0]?.used ?? 0);
    if (room <= 0) throw overQuota();
    return room;
  }

  /** @throws Problem */
  async receive(
    request: IncomingMessage,
    { id, definition }: CheckedPlugin,
    fields: UploadFields,
    room: number,
  ): Promise<ReceivedUploads> {
    const begun: string[] = [];
    const begin = async (upload: string, kind: string): Promise<void> => {
      await this.home.pool.query('insert into kernel.file_uploads (id, plugin, kind) values ($1, $2, $3)', [upload, id, kind]);
      begun.push(upload);
    };
    const settle = () => this.#settle(begun);
    const { storage, settings } = this;
    const reception = { pluginId: id, fields, kinds: definition.files ?? {}, room, storage, clamav: settings.clamav, begin };
    try {
      return { ...(await receive(request, reception)), settle };
    } catch (error) {
      await settle().catch(() => {});
      throw error;
    }
  }

  /** When an upload is kept, its row is deleted. This removes the other rows and their files; what fails here is left to the sweep. */
  async #settle(begun: readonly string[]): Promise<void> {
    if (begun.length === 0) return;
    const { rows } = await this.home.pool.query<{ id: string; plugin: string; kind: string }>(
      `with gone as (delete from kernel.file_uploads where id = any ($1::uuid[]) returning id, plugin, kind)
       insert into kernel.file_removals (id, plugin, kind) select id, plugin, kind from gone
       on conflict do nothing returning id, plugin, kind`,
      [begun],
    );
    await removeBytes(this.home, this.storage, rows);
  }
}
