import { CommandError } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { CurriculumExport } from '../exports.js';
import type { CurriculumStore, SchemeChange, StoreOptions } from './curriculum-store.js';
import type { Curriculum } from './model.js';
import { readFiles } from './read-files.js';
import { removalsOf } from './removals.js';

export interface Outcome {
  changes: SchemeChange[];
  /** Number of activities that were indexed again. */
  reindexed: number;
  /** Number of activities that a job will index again. */
  toReindex: number;
}

export interface ImportOptions extends StoreOptions {
  /** Allow large removals. */
  allowRemovals?: boolean;
}

/** Updates what depends on the curriculum, in the unit of work of the import. */
export interface AfterImport {
  /** @param schemes URIs of the changed schemes, at least one */
  refresh(schemes: string[]): Promise<Omit<Outcome, 'changes'>>;
}

interface Services extends Pick<Dependencies, 'knex'> {
  curriculumStore: CurriculumStore;
  activityRefresh: AfterImport;
}

/** Imports a curriculum: stores changed schemes, then updates the activities that depend on them. */
export class CurriculumImport implements CurriculumExport {
  readonly #knex: Dependencies['knex'];
  readonly #store: CurriculumStore;
  readonly #afterImport: AfterImport;

  constructor({ knex, curriculumStore, activityRefresh }: Services) {
    this.#knex = knex;
    this.#store = curriculumStore;
    this.#afterImport = activityRefresh;
  }

  async importFrom(files: readonly string[], { onlyNew = false }: { onlyNew?: boolean } = {}): Promise<void> {
    await this.store(await readFiles(files), { files: [...files], onlyNew });
  }

  /** @throws CommandError if the import would remove much of a stored scheme and `allowRemovals` is not set; nothing is stored */
  async store({ schemes }: Curriculum, { allowRemovals = false, ...options }: ImportOptions): Promise<Outcome> {
    if (!allowRemovals && options.onlyNew !== true) {
      const removals = await removalsOf(this.#knex, schemes);
      if (removals.length > 0) {
        const lines = removals.map(({ label, uri, count, total, what }) => `  ${label} (${uri}): ${count} of ${total} ${what}`);
        throw new CommandError(
          `These files would remove much of what is stored; they may contain only a part of it:\n${lines.join('\n')}\n` +
            'Nothing was stored. If all of that is really no longer in use, run the command again with --allow-removals.',
        );
      }
    }
    const changes = await this.#store.store(schemes, options);
    const changed = changes.flatMap(({ uri, change }) => (change === 'unchanged' ? [] : [uri]));
    if (changed.length === 0) return { changes, reindexed: 0, toReindex: 0 };
    return { changes, ...(await this.#afterImport.refresh(changed)) };
  }
}
