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

/** Numbers of the values of many entries, one entry after another: a pass over all of them then reads memory from front to back. */
export interface Values {
  numbers: Uint32Array;
}

export interface Entry {
  id: string;
  /** By which titles are sorted: without accents and case, numbers by their size. */
  order: string;
  created: number;
  kind: ActivityKind;
  /** Number of its source, as a value of `source`. */
  source: number;
  /**
   * Its values in every facet but `access`, which depends on the tools in service, its concepts and all broader ones are the numbers from
   * `from` up to, but not including, `to`.
   */
  values: Values;
  from: number;
  to: number;
}

/** Makes entries. Their values can be read after {@link finish}. */
export class EntryMaker {
  readonly #ids: ValueIds;
  readonly #ancestors: ReadonlyMap<string, readonly string[]>;
  readonly #numbers: number[] = [];
  readonly #values: Values = { numbers: new Uint32Array() };

  /** @param ancestors of each concept, itself included */
  constructor(ids: ValueIds, ancestors: ReadonlyMap<string, readonly string[]>) {
    this.#ids = ids;
    this.#ancestors = ancestors;
  }

  /** @param owners values of the facet `owner` */
  entryOf(row: EntryRow, owners: readonly string[], order = orderOf(row.title)): Entry {
    const { id, created, kind } = row;
    const source = this.#ids.of('source', row.source);
    const from = this.#numbers.length;
    this.#addPlain(row, owners);
    this.#addConcepts(row);
    return { id, order, created, kind, source, values: this.#values, from, to: this.#numbers.length };
  }

  /** Call this once, after the last entry. */
  finish(): void {
    this.#values.numbers = Uint32Array.from(this.#numbers);
    this.#numbers.length = 0;
  }

  #addPlain(row: EntryRow, owners: readonly string[]): void {
    const { kind, language, provider, teacher_only: teacherOnly, minutes } = row;
    const from = row.age_from ?? row.age_to;
    const to = row.age_to ?? row.age_from;
    this.#add('kind', kind);
    this.#add('language', language);
    this.#add('provider', provider);
    this.#add('audience', teacherOnly ? 'teacher' : 'pupil');
    for (const owner of owners) this.#add('owner', owner);
    for (const band of ageBands) {
      if (from !== null && to !== null && from <= band.to && to >= band.from) this.#add('age', band.value);
    }
    for (const band of durationBands) {
      if (minutes !== null && minutes >= band.from && minutes <= band.to) this.#add('duration', band.value);
    }
  }

  #addConcepts({ concepts }: EntryRow): void {
    for (const uri of new Set(concepts.flatMap((one) => this.#ancestors.get(one) ?? []))) this.#add('concept', uri);
  }

  #add(facet: string, value: string): void {
    this.#numbers.push(this.#ids.of(facet, value));
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
