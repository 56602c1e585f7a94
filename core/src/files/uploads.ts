import type { IncomingMessage } from 'node:http';
import type { FileSettings } from '../config/settings.js';
import type { Unit } from '../context/unit.js';
import type { UploadFields } from '../contract/files.js';
import type { TenantScope } from '../contract/principal.js';
import type { DatabaseHome } from '../database/homes/home.js';
import type { CheckedPlugin } from '../foundation/plugin.js';
import { type Multipart, receive } from './receive.js';
import type { FileStorage } from './storage.js';
import { beginUpload, removeUnkept } from './sweep.js';
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
      await beginUpload(this.home, { id: upload, plugin: id, kind });
      begun.push(upload);
    };
    const settle = () => removeUnkept(this.home, this.storage, begun);
    const { storage, settings } = this;
    const reception = { pluginId: id, fields, kinds: definition.files ?? {}, room, storage, clamav: settings.clamav, begin };
    try {
      return { ...(await receive(request, reception)), settle };
    } catch (error) {
      await settle().catch(() => {});
      throw error;
    }
  }
}
