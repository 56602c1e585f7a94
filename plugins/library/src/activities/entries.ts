import type { ActivityKind } from '../exports.js';
import { words } from '../text.js';
import { ageBands, durationBands } from './filter.js';
import type { ValueIds } from './value-ids.js';

/** What a search needs to know of an activity. */
export interface EntryRow {
  id: string;
  title: string;
  kind: ActivityKind;
  language: string;
  provider: string;
  source: string;
  minutes: number | null;
  age_from: number | null;
  age_to: number | null;
  teacher_only: boolean;
  /** Seconds since 1970. */
  created: number;
  concepts: readonly string[];
}

export interface Entry {
  id: string;
  /** By which titles are sorted: without accents and case, numbers by their size. */
  order: string;
  created: number;
  kind: ActivityKind;
  /** Number of its source, as a value of `source`. */
  source: number;
  /** Numbers of its values in every facet but `access`, which depends on the tools in service. */
  plain: readonly number[];
  /** Numbers of its concepts and all broader ones. */
  concepts: readonly number[];
}

/** Makes entries that share what is alike: most activities have the same values as many others. */
export class EntryMaker {
  readonly #ids: ValueIds;
  readonly #ancestors: ReadonlyMap<string, readonly string[]>;
  readonly #shared = new Map<string, readonly number[]>();

  /** @param ancestors of each concept, itself included */
  constructor(ids: ValueIds, ancestors: ReadonlyMap<string, readonly string[]>) {
    this.#ids = ids;
    this.#ancestors = ancestors;
  }

  /** @param owners values of the facet `owner` */
  entryOf(row: EntryRow, owners: readonly string[], order = orderOf(row.title)): Entry {
    const { id, created, kind } = row;
    const source = this.#ids.of('source', row.source);
    return {
      id,
      order,
      created,
      kind,
      source,
      plain: this.#plainOf(row, owners),
      concepts: this.#conceptsOf(row),
    };
  }

  #plainOf(row: EntryRow, owners: readonly string[]): readonly number[] {
    const { kind, language, provider, teacher_only: teacherOnly, minutes } = row;
    const from = row.age_from ?? row.age_to;
    const to = row.age_to ?? row.age_from;
    const values = [
      this.#ids.of('kind', kind),
      this.#ids.of('language', language),
      this.#ids.of('provider', provider),
      this.#ids.of('audience', teacherOnly ? 'teacher' : 'pupil'),
      ...owners.map((owner) => this.#ids.of('owner', owner)),
    ];
    for (const band of ageBands) {
      if (from !== null && to !== null && from <= band.to && to >= band.from) values.push(this.#ids.of('age', band.value));
    }
    for (const band of durationBands) {
      if (minutes !== null && minutes >= band.from && minutes <= band.to) values.push(this.#ids.of('duration', band.value));
    }
    return this.#once(values.join(), () => values);
  }

  #conceptsOf({ concepts }: EntryRow): readonly number[] {
    return this.#once(`concepts\n${[...concepts].sort().join('\n')}`, () => {
      const all = new Set(concepts.flatMap((uri) => this.#ancestors.get(uri) ?? []));
      return [...all].map((uri) => this.#ids.of('concept', uri));
    });
  }

  #once(key: string, make: () => readonly number[]): readonly number[] {
    const known = this.#shared.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#shared.set(key, made);
    return made;
  }
}

/** Numbers are padded, so that 2 comes before 10. */
export const orderOf = (title: string): string =>
  words(title)
    .join(' ')
    .replace(/\d+/g, (digits) => digits.padStart(8, '0'))
    .slice(0, 400);

type Titled = Pick<Entry, 'id' | 'order'>;

export const byTitle = (a: Titled, b: Titled): number =>
  a.order < b.order ? -1 : a.order > b.order ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0;

export const byNewest = (a: Entry, b: Entry): number => b.created - a.created || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** SQL of the columns of an {@link EntryRow} of `activities a`, except its concepts. */
export const entryColumns = `a.id, a.title, a.kind, a.language, a.provider, a.source, a.minutes, a.age_from, a.age_to, a.teacher_only,
  extract(epoch from a.created_at)::float8 as created`;
