import { CommandError } from '@ilearn/core';
import { renewedAtOnce, type SearchIndex } from '../activities/search-index.js';
import type { ToolCatalogue } from '../activities/tools.js';
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

interface Services extends Pick<Dependencies, 'knex' | 'jobs'> {
  curriculumStore: CurriculumStore;
  toolCatalogue: ToolCatalogue;
  searchIndex: SearchIndex;
}

/** Imports a curriculum: stores changed schemes, then updates the tools' activities and the search index. */
export class CurriculumImport implements CurriculumExport {
  readonly #knex: Dependencies['knex'];
  readonly #store: CurriculumStore;
  readonly #tools: ToolCatalogue;
  readonly #index: SearchIndex;
  readonly #jobs: Dependencies['jobs'];

  constructor({ knex, curriculumStore, toolCatalogue, searchIndex, jobs }: Services) {
    this.#knex = knex;
    this.#store = curriculumStore;
    this.#tools = toolCatalogue;
    this.#index = searchIndex;
    this.#jobs = jobs;
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
          `These files would take away much of what is there; they may hold only a part of it:\n${lines.join('\n')}\n` +
            'Nothing was stored. If all of that is really no longer in use, run the command again with --allow-removals.',
        );
      }
    }
    const changes = await this.#store.store(schemes, options);
    const changed = changes.flatMap(({ uri, change }) => (change === 'unchanged' ? [] : [uri]));
    if (changed.length === 0) return { changes, reindexed: 0, toReindex: 0 };
    // Activities of tools may have concepts that are new in this import.
    await this.#tools.synchronise();
    const count = await this.#index.countOn(changed);
    if (count <= renewedAtOnce) {
      const { count: reindexed } = await this.#index.renew(changed, null, renewedAtOnce);
      return { changes, reindexed, toReindex: 0 };
    }
    await this.#jobs.enqueue('renew-index', { schemes: changed, after: null });
    return { changes, reindexed: 0, toReindex: count };
  }
}
