import type { Dependencies } from '../dependencies.js';
import { sourcesByAccess } from './access.js';
import { accessIds, type Condition, type Counted, conditionsOf, count, licenceIds } from './counting.js';
import { type Entry, EntryMaker, type EntryRow, entryColumns } from './entries.js';
import type { ActivityQuery } from './filter.js';
import { type Licences, licencesOf, unlicensedIn } from './licences.js';
import { isTool, mineSql, type Offer, offerFor, switchedSourceOf } from './offered.js';
import type { SharedEntries, SharedEntriesCache } from './shared-entries.js';
import { ValueIds } from './value-ids.js';

interface OwnRow extends EntryRow {
  available: boolean;
  listed: boolean;
  mine: boolean;
}

interface Services extends Pick<Dependencies, 'knex' | 'principal' | 'contributions' | 'licences'> {
  sharedEntries: SharedEntriesCache;
}

/** The activities that one reader may find: what everyone shares, and what their schools own. */
export class ReaderEntries {
  readonly shared: SharedEntries;
  /** How many activities the reader took out of the library. */
  readonly withdrawn: number;
  readonly #own: { entry: Entry; row: OwnRow }[];
  readonly #ids: ValueIds;
  /** Numbers of the sources whose activities the reader is not offered. */
  readonly #hidden = new Set<number>();
  readonly #accessOf: (entry: Entry) => number;
  readonly #licenceOf: (entry: Entry) => number;

  private constructor(
    shared: SharedEntries,
    own: OwnRow[],
    isOffered: (source: string) => boolean,
    sources: Parameters<typeof accessIds>[1],
    licences: Licences,
  ) {
    this.shared = shared;
    this.#ids = new ValueIds(shared.ids);
    const maker = new EntryMaker(this.#ids, shared.ancestors);
    this.#own = own.map((row) => ({ row, entry: maker.entryOf(row, row.mine ? ['school', 'mine'] : ['school']) }));
    maker.finish();
    for (const source of new Set([...shared.sources, ...own.map((row) => row.source)])) {
      if (!isOffered(source)) this.#hidden.add(this.#ids.of('source', source));
    }
    this.#accessOf = accessIds(this.#ids, sources);
    this.#licenceOf = licenceIds(this.#ids, unlicensedIn(licences));
    this.withdrawn = own.filter(({ available, mine }) => mine && !available).length;
  }

  /** Two statements, some for the licences where the portal has any, and one more for each that the curriculum or what everyone shares has changed. */
  static async read({ knex, principal, contributions, licences, sharedEntries }: Services): Promise<ReaderEntries> {
    const offer = offerFor({ contributions, principal });
    const mine = mineSql(principal.kind === 'person' ? principal.id : null);
    const schools = principal.tenants === '*' ? null : [...principal.tenants];
    const { rows } = await knex.raw<{ rows: [{ stamp: string; off: string[]; own: OwnRow[] }] }>(
      `select s.stamp,
         (select coalesce(json_agg(tool_key), '[]') from (
           select tool_key from switched_off_tools group by tool_key having count(*) >= ?::int) t) as off,
         (select coalesce(json_agg(o), '[]') from (
           select ${entryColumns}, a.available, a.listed, ${mine.sql} as mine,
             array(select l.concept_uri from activity_concepts l where l.activity_id = a.id) as concepts
           from activities a where ${schools === null ? 'a.school_id is not null' : 'a.school_id = any(?::uuid[])'}
         ) o) as own
       from search_stamps s`,
      [
        offer.schools === null ? null : Math.max(offer.schools, 1),
        ...mine.bindings,
        ...(schools === null ? [] : [schools]),
      ] as string[],
    );
    const [{ stamp, off, own }] = rows;
    return new ReaderEntries(
      await sharedEntries.at(stamp),
      own,
      offered(offer, off),
      sourcesByAccess({ contributions }),
      await licencesOf({ licences }),
    );
  }

  /** Every activity that the reader may find, by title; those of schools last. */
  all(): readonly Entry[] {
    const entries = this.shared.titles;
    const offered = this.#hidden.size === 0 ? entries : entries.filter(this.#isOffered);
    const own = this.#ownOffered();
    return own.length === 0 ? offered : [...offered, ...own];
  }

  /** Whether {@link all} has activities of schools, which come after all others. */
  get hasOwn(): boolean {
    return this.#own.length > 0;
  }

  /** What the reader took out of the library. */
  takenOut(): Entry[] {
    return this.#own.flatMap(({ entry, row }) => (row.mine && !row.available ? [entry] : []));
  }

  /** Those of these activities that the reader may find. */
  some(ids: readonly string[]): Entry[] {
    const own = new Map(this.#ownOffered().map((entry) => [entry.id, entry]));
    const { byId } = this.shared;
    const found: Entry[] = [];
    for (const id of ids) {
      const entry = byId.get(id) ?? own.get(id);
      if (entry !== undefined && this.#isOffered(entry)) found.push(entry);
    }
    return found;
  }

  conditionsOf(query: ActivityQuery, facetOfConcept: (uri: string) => string): Condition[] {
    return conditionsOf(query, this.#ids, facetOfConcept);
  }

  count(entries: Iterable<Entry>, conditions: readonly Condition[]): Counted {
    return count(entries, conditions, this.#ids.size, this.#accessOf, this.#licenceOf);
  }

  get ids(): ValueIds {
    return this.#ids;
  }

  readonly #isOffered = ({ source }: Entry): boolean => !this.#hidden.has(source);

  #ownOffered(): Entry[] {
    return this.#own.flatMap(({ entry, row }) =>
      row.available && (row.listed || row.mine) && this.#isOffered(entry) ? [entry] : [],
    );
  }
}

/** Whether an activity belongs to no tool, or to one that is in service, and a school of the reader uses it. */
function offered({ sources }: Offer, off: readonly string[]): (source: string) => boolean {
  const inService = new Set(sources);
  const switchedOff = new Set(off.map(switchedSourceOf));
  return (source) => !switchedOff.has(source) && (!isTool(source) || inService.has(source));
}
