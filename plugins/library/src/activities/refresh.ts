import type { AfterImport } from '../curriculum/curriculum-import.js';
import type { Dependencies } from '../dependencies.js';
import { renewedAtOnce, type SearchIndex } from './search-index.js';
import type { SharedEntriesCache } from './shared-entries.js';
import type { ToolCatalogue } from './tools.js';

interface Services extends Pick<Dependencies, 'jobs'> {
  toolCatalogue: ToolCatalogue;
  searchIndex: SearchIndex;
  sharedEntries: SharedEntriesCache;
}

/** Updates the tools' activities and the search index when concept schemes have changed. */
export class ActivityRefresh implements AfterImport {
  readonly #tools: ToolCatalogue;
  readonly #index: SearchIndex;
  readonly #sharedEntries: SharedEntriesCache;
  readonly #jobs: Dependencies['jobs'];

  constructor({ toolCatalogue, searchIndex, sharedEntries, jobs }: Services) {
    this.#tools = toolCatalogue;
    this.#index = searchIndex;
    this.#sharedEntries = sharedEntries;
    this.#jobs = jobs;
  }

  async refresh(schemes: string[]): Promise<{ reindexed: number; toReindex: number }> {
    // Activities of tools may have concepts that are new in this import.
    await this.#tools.synchronise();
    await this.#sharedEntries.changed();
    const count = await this.#index.countOn(schemes);
    if (count <= renewedAtOnce) {
      const { count: reindexed } = await this.#index.renew(schemes, null, renewedAtOnce);
      return { reindexed, toReindex: 0 };
    }
    await this.#jobs.enqueue('renew-index', { schemes, after: null });
    return { reindexed: 0, toReindex: count };
  }
}
