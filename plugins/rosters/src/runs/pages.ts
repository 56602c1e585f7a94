import type { Dependencies } from '../dependencies.js';
import { SourceFailed } from '../source/failure.js';
import type { Staged } from '../source/objects.js';
import type { ListName } from '../source/pages.js';

const purpose = 'page';
/** Pages opened at a time. */
const atOnce = 50;

/** What was read of a list. */
export interface StagedPage extends Staged {
  list: ListName;
}

/** Pages of a run, encrypted: they hold names until the run is decided. */
export class RunPages {
  readonly #knex: Dependencies['knex'];
  readonly #secrets: Dependencies['secrets'];

  constructor({ knex, secrets }: Dependencies) {
    this.#knex = knex;
    this.#secrets = secrets;
  }

  /** @param first number of the first of these pages */
  async add(run: { id: string; school_id: string }, first: number, pages: readonly StagedPage[]): Promise<void> {
    const rows = await Promise.all(
      pages.map(async (page, index) => ({
        run_id: run.id,
        school_id: run.school_id,
        number: first + index,
        sealed: Buffer.from(await this.#secrets.seal(purpose, placeOf(run.id, first + index), JSON.stringify(page))),
      })),
    );
    if (rows.length > 0) await this.#knex('pages').insert(rows);
  }

  /** @throws SourceFailed `lost` if pages were removed, or sealed with a key that the portal does not have any more */
  async *all({ id: run, pages }: { id: string; pages: number }): AsyncGenerator<StagedPage> {
    for (let from = 0; ; ) {
      const rows: { number: number; sealed: Buffer }[] = await this.#knex('pages')
        .where({ run_id: run })
        .where('number', '>=', from)
        .orderBy('number')
        .limit(atOnce)
        .select('number', 'sealed');
      for (const { number, sealed } of rows) {
        const text = number === from ? await this.#secrets.open(purpose, placeOf(run, number), sealed) : null;
        if (text === null) throw new SourceFailed('lost');
        yield JSON.parse(text) as StagedPage;
        from += 1;
      }
      if (rows.length === atOnce) continue;
      if (from !== pages) throw new SourceFailed('lost');
      return;
    }
  }

  async remove(run: string): Promise<void> {
    await this.#knex('pages').where({ run_id: run }).delete();
  }
}

const placeOf = (run: string, number: number): string => `${run}/${number}`;
