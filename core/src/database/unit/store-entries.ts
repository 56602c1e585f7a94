import type { Statement } from '../../context/unit.js';
import { commitAsynchronouslyAsKernel } from './begin-statements.js';
import { send, type UnitHome } from './send.js';

/** Stores the audit entries of a read-only unit, each in its own transaction. */
export async function storeEntries(home: UnitHome, entries: readonly Statement[]): Promise<void> {
  for (const entry of entries) await store(home, entry);
}

const store = (home: UnitHome, entry: Statement) =>
  new Promise<void>((resolve, reject) => {
    home.lanes.connect(null, (error, client) => {
      if (client === undefined) {
        reject(error);
        return;
      }
      send(home, client, null, [commitAsynchronouslyAsKernel], entry, (failure, result, unusable) => {
        client.release(unusable);
        if (result === undefined) reject(failure);
        else resolve();
      });
    });
  });
