import type { Cradle } from '../cradle.js';
import type { CurriculumExport } from '../exports.js';
import type { CurriculumStore, SchemeChange, StoreOptions } from './curriculum-store.js';
import type { Curriculum } from './model.js';
import { readFiles } from './read-files.js';

export interface Outcome {
  changes: SchemeChange[];
  /** Activities whose search words were renewed. */
  reindexed: number;
}

/** Takes a curriculum in: what differs is stored, and the tools' activities and the search words follow. */
export class CurriculumImport implements CurriculumExport {
  readonly #store: CurriculumStore;
  readonly #tools: Cradle['toolCatalogue'];
  readonly #index: Cradle['searchIndex'];

  constructor({ curriculumStore, toolCatalogue, searchIndex }: Cradle) {
    this.#store = curriculumStore;
    this.#tools = toolCatalogue;
    this.#index = searchIndex;
  }

  async importFrom(files: readonly string[]): Promise<void> {
    await this.store(await readFiles(files), { files: [...files] });
  }

  async store({ schemes }: Curriculum, options: StoreOptions): Promise<Outcome> {
    const changes = await this.#store.store(schemes, options);
    if (changes.every(({ change }) => change === 'unchanged')) return { changes, reindexed: 0 };
    // Tools may be on concepts that only this import brought.
    await this.#tools.synchronise();
    return { changes, reindexed: await this.#index.rebuild() };
  }
}
