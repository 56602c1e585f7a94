import type { TestPlatform } from '@ilearn/core/testing';
import { tenantColumns } from './portal.js';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Routes are called with rows of their own plugin and of these, to which every plugin refers; with `ILEARN_LONG_TESTS=1`, of all. */
const REFERRED_TO = ['directory', 'library'];
const long = process.env['ILEARN_LONG_TESTS'] === '1';

/** Ids from the same row, to request nested resources. */
export type Pair = [string, string];

export interface Samples {
  ids: string[];
  pairs: Pair[];
}

type Row = Record<string, unknown>;

/** Ids in the rows of a school, found in the tables of all plugins. */
export class RowsOfSchool {
  readonly #samples: ({ plugin: string } & Samples)[] = [];

  private constructor(readonly school: string) {}

  /**
   * @param perTable how many rows of each table are used
   * @param look called with every row of every table, and whether it belongs to this school only
   */
  static async find(
    portal: TestPlatform,
    school: string,
    perTable: number,
    { known = [], look }: { known?: readonly string[]; look?: (row: Row, own: boolean) => void } = {},
  ): Promise<RowsOfSchool> {
    const found = new RowsOfSchool(school);
    for (const { id: plugin, definition } of portal.platform.plugins) {
      const ids = new Set<string>(plugin === 'directory' ? [school, ...known] : []);
      const pairs = new Map<string, Pair>();
      for (const [table, { tenant: rule }] of Object.entries(definition.tables ?? {})) {
        const columns = tenantColumns(rule);
        const rows: Row[] = await portal.work(plugin, ({ knex }) => knex(table).select());
        const named = (row: Row) => columns.flatMap((column) => row[column] ?? []);
        const own = new Set(rows.filter((row) => named(row).length > 0 && named(row).every((value) => value === school)));
        if (look !== undefined) for (const row of rows) look(row, own.has(row));
        for (const row of [...own].slice(0, perTable)) {
          if (typeof row['id'] === 'string') ids.add(row['id']);
          const inRow = Object.values(row)
            .flat()
            .filter((value): value is string => typeof value === 'string' && uuid.test(value) && value !== school);
          for (const one of inRow) for (const other of inRow) if (one !== other) pairs.set(one + other, [one, other]);
        }
      }
      found.#samples.push({ plugin, ids: [...ids], pairs: [...pairs.values()] });
    }
    return found;
  }

  get ids(): string[] {
    return [...new Set(this.#samples.flatMap(({ ids }) => ids))];
  }

  /** What the routes and topics of a plugin are called with. */
  for(owner: string): Samples {
    const some = this.#samples.filter(({ plugin }) => long || plugin === owner || REFERRED_TO.includes(plugin));
    return { ids: [...new Set(some.flatMap(({ ids }) => ids))], pairs: some.flatMap(({ pairs }) => pairs) };
  }
}
