import type { TestPlatform } from '@ilearn/core/testing';
import { tenantColumns } from './portal.js';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Every plugin refers to rows of these. */
const REFERRED_TO = ['directory', 'library'];
/** Shorter values are not specific enough to show whose they are. */
const TELLING_LENGTH = 8;
const long = process.env['ILEARN_LONG_TESTS'] === '1';
/** Ids for a route whose path names no table with rows of the tenant. */
const OTHERS = 3;

/** Ids from the same row, to request nested resources. */
export type Pair = [string, string];

export interface Samples {
  ids: string[];
  pairs: Pair[];
}

type Row = Record<string, unknown>;

/** What the rows of a school or provider hold, found in the tables of all plugins. */
export class RowsOfTenant {
  /** Values that occur in its rows only. */
  readonly secrets = new Set<string>();
  readonly #samples: ({ plugin: string; table: string } & Samples)[] = [];

  private constructor(readonly known: readonly string[]) {}

  /**
   * @param perTable ids of how many rows of each table are used
   * @param stranger takes rows that this other tenant does not share; default: those of `tenant` alone
   */
  static async find(
    portal: TestPlatform,
    tenant: string,
    perTable: number,
    { known = [], stranger }: { known?: readonly string[]; stranger?: string } = {},
  ): Promise<RowsOfTenant> {
    const found = new RowsOfTenant(known);
    const elsewhere = new Set<string>();
    const isOwn = (named: unknown[]) =>
      stranger === undefined
        ? named.length > 0 && named.every((value) => value === tenant)
        : named.includes(tenant) && !named.includes(stranger);
    for (const { id: plugin, definition } of portal.platform.plugins) {
      if (plugin === 'directory') found.#samples.push({ plugin, table: 'schools', ids: [tenant, ...known], pairs: [] });
      for (const [table, { tenant: rule }] of Object.entries(definition.tables ?? {})) {
        const columns = tenantColumns(rule);
        const rows: Row[] = await portal.work(plugin, ({ knex }) => knex(table).select());
        const named = (row: Row) => columns.flatMap((column) => row[column] ?? []);
        const own = new Set(rows.filter((row) => isOwn(named(row))));
        for (const row of rows) {
          const seen = own.has(row) ? found.secrets : elsewhere;
          for (const value of strings(row)) if (value.length >= TELLING_LENGTH) seen.add(value);
        }
        const ids = new Set<string>();
        const pairs = new Map<string, Pair>();
        for (const row of [...own].slice(0, perTable)) {
          if (typeof row['id'] === 'string' && uuid.test(row['id'])) ids.add(row['id']);
          const inRow = [...strings(row)].filter((value) => uuid.test(value) && value !== tenant);
          for (const one of inRow) for (const other of inRow) if (one !== other) pairs.set(one + other, [one, other]);
        }
        found.#samples.push({ plugin, table, ids: [...ids], pairs: [...pairs.values()] });
      }
    }
    for (const value of elsewhere) found.secrets.delete(value);
    found.secrets.add(tenant);
    return found;
  }

  get ids(): string[] {
    return [...new Set(this.#samples.flatMap(({ ids }) => ids))];
  }

  /** What the topics of a plugin are asked with, and with `ILEARN_LONG_TESTS=1` its routes. */
  for(owner: string): Samples {
    return joined(this.#samples.filter(({ plugin }) => long || plugin === owner || REFERRED_TO.includes(plugin)));
  }

  /** What a route with so many parameters is called with: rows of the tables that its path names and known ones, else a few others. */
  forRoute(owner: string, path: string, parameters: number): Samples {
    const all = this.for(owner);
    if (long) return all;
    const named = new Set(path.split('/').map(plain));
    const ofPath = joined(
      this.#samples.filter(({ plugin, table }) => (plugin === owner || REFERRED_TO.includes(plugin)) && named.has(plain(table))),
    );
    const enough = parameters > 1 ? ofPath.pairs.length > 0 : ofPath.ids.length > 0;
    return enough
      ? { ...ofPath, ids: [...new Set([...ofPath.ids, ...this.known])] }
      : { ids: all.ids.slice(0, OTHERS), pairs: all.pairs.slice(0, OTHERS) };
  }
}

const joined = (some: readonly Samples[]): Samples => ({
  ids: [...new Set(some.flatMap(({ ids }) => ids))],
  pairs: some.flatMap(({ pairs }) => pairs),
});

/** A name as neither tables nor paths divide it into words. */
const plain = (name: string): string => name.replace(/[-_]/g, '');

/** Every text in a value, at any depth. */
export function* strings(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (value instanceof Date) yield value.toISOString();
  else if (Array.isArray(value)) for (const each of value) yield* strings(each);
  else if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) yield* strings(each);
}
