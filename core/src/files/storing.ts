import { Readable } from 'node:stream';
import type { FileSettings } from '../config/settings.js';
import type { Store } from '../contract/file-service.js';
import type { FileDeclaration } from '../contract/files.js';
import { Problem } from '../contract/problem.js';
import type { DatabaseHome } from '../database/homes/home.js';
import { receiveFile } from './receive-file.js';
import type { FileStorage } from './storage.js';
import { beginUpload, removeUnkept } from './sweep.js';
import { unavailable } from './upload-problems.js';

/** {@link Store} for one job or command, and what removes the uploads that no row keeps at its end. */
export interface Storing {
  store: Store;
  settle(): Promise<void>;
}

export function storingFor(
  { id: pluginId, files: kinds = {} }: { id: string; files?: Readonly<Record<string, FileDeclaration>> | undefined },
  { home, storage, settings }: { home: DatabaseHome; storage: FileStorage; settings: FileSettings },
): Storing {
  const begun: string[] = [];
  const begin = async (id: string, kind: string): Promise<void> => {
    await beginUpload(home, { id, plugin: pluginId, kind });
    begun.push(id);
  };
  // Quotas are checked when a file is kept: whose it will be is not known yet.
  const room = Number.POSITIVE_INFINITY;
  const reception = { pluginId, kinds, room, storage, clamav: settings.clamav, begin };
  return {
    store: async (kind, bytes, { name, type = '' }) => {
      if (!Object.hasOwn(kinds, kind)) throw new Error(`${pluginId}: files has no kind "${kind}"`);
      // Buffers would otherwise be read byte by byte.
      const source = Readable.from(bytes instanceof Uint8Array ? [bytes] : bytes, { objectMode: false });
      try {
        return await receiveFile(source, { field: kind, kind, name, type }, reception);
      } catch (error) {
        throw error instanceof Problem ? error : unavailable(error as Error);
      }
    },
    settle: () => removeUnkept(home, storage, begun),
  };
}
