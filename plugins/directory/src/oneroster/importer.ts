import { forbidden, type Principal, type TenantScope, Yielder } from '@ilearn/core';
import type { Knex } from 'knex';
import { awaited, awaiting } from '../awaited-agreements.js';
import type { Dependencies } from '../dependencies.js';
import { sizeOf } from './apply.js';
import { type CountedTable, type Counts, noChanges } from './changes.js';
import { type Fault, inOrder, RosterError } from './faults.js';
import { openPackage, type PackageFiles } from './package.js';
import { planImport } from './plan.js';
import { type LeftOut, readRoster } from './read.js';
import type { Removal } from './removals.js';
import { loadPeople, loadState } from './state.js';
import { type StoreParts, store } from './store.js';

export interface ImportOptions {
  /** Only report what would change. */
  dryRun?: boolean;
  /** Allow the removal of more than half of a school's rows of one kind. */
  allowRemovals?: boolean;
  /** Schools for which the sender acts; default: those of the current principal. */
  scope?: TenantScope;
  progress?: ImportProgress;
}

export interface ImportProgress {
  start(label: string, total: number): void;
  advance(by?: number): void;
  stop(): void;
}

export interface ImportReport {
  dryRun: boolean;
  /** `partly`: some schools of the package were imported, others refused. */
  outcome: 'imported' | 'partly' | 'refused';
  /** At most {@link toldSchools}, refused ones first; `schoolCount` counts all. */
  schools: { id: string; instellingsnummer: string; name: string; known: boolean; refused: boolean }[];
  schoolCount: number;
  tables: Record<CountedTable, Counts>;
  /** The first faults of each file; `faultCount` counts all. */
  faults: Fault[];
  faultCount: number;
  /** Large removals that need confirmation. */
  removals: Removal[];
  leftOut: LeftOut[];
}

/** Limits of a report. */
const toldSchools = 500;

const silent: ImportProgress = { start() {}, advance() {}, stop() {} };

/** Updates the directory from a package of OneRoster CSV files. */
export class Importer {
  readonly #knex: Knex;
  readonly #principal: Principal;
  readonly #access: Dependencies['access'];
  readonly #log: Dependencies['log'];
  readonly #clock: Dependencies['clock'];
  readonly #locks: Dependencies['locks'];
  readonly #parts: StoreParts;
  readonly #contributions: Dependencies['contributions'];

  constructor({ knex, principal, access, log, clock, locks, events, tenants, contributions }: Dependencies) {
    this.#contributions = contributions;
    this.#parts = { knex, access, events, tenants };
    this.#locks = locks;
    this.#knex = knex;
    this.#principal = principal;
    this.#access = access;
    this.#log = log;
    this.#clock = clock;
  }

  /**
   * Imports every school of a package that has no fault, in the current unit of work. Requires the system principal, because people may
   * also belong to schools for which the sender does not act.
   *
   * @param source a folder, a zip, or the bytes of a zip
   * @throws Problem 409 `directory/agreement-awaited` if all of them have to accept the processing agreement first; of some it is a fault
   */
  async run(source: string | Buffer, options: ImportOptions = {}): Promise<ImportReport> {
    if (this.#principal.kind !== 'system') throw forbidden('Only the portal itself imports a package.');
    const { dryRun = false, allowRemovals = false, progress = silent, scope = this.#principal.tenants } = options;
    const read = await readAll(source, progress);
    if ('faults' in read) return refusal(read.faults, dryRun);

    // Without this lock, two concurrent imports would each plan with rows that the other changes.
    await this.#locks.take('import');
    const state = await loadState(this.#knex, read, scope);
    let waiting: { id: string; name: string }[] = [];
    const { schools, faults, faultCount, removals, changes } = await planImport(read, state, {
      scope,
      today: today(this.#clock.now()),
      allowRemovals,
      mayGrant: (grant) => this.#access.mayGrant(grant),
      awaiting: async (ids) => {
        waiting = await awaiting({ knex: this.#knex, contributions: this.#contributions }, ids);
        return waiting;
      },
      peopleElsewhere: (ids) => loadPeople(this.#knex, ids),
    });
    const [first] = waiting;
    if (first !== undefined && waiting.length === schools.length) throw awaited(first);
    if (!dryRun) {
      const size = sizeOf(changes);
      if (size > 0) progress.start('Writing', size);
      const accepted = schools.flatMap(({ school, refused }) => (refused ? [] : [school.id]));
      await store(this.#parts, { state, changes, schools: accepted }, (count) => progress.advance(count));
      if (size > 0) progress.stop();
      this.#log.info({ schools: accepted.length, counts: changes.counts, faults: faultCount }, 'OneRoster package imported');
    }
    const refusedSome = faults.length > 0;
    return {
      dryRun,
      outcome: !refusedSome ? 'imported' : schools.some(({ refused }) => !refused) ? 'partly' : 'refused',
      schools: (schools.length <= toldSchools ? schools : refusedFirst(schools))
        .slice(0, toldSchools)
        .map(({ school, refused }) => ({
          id: school.id,
          instellingsnummer: school.instellingsnummer,
          name: school.name,
          known: school.known,
          refused,
        })),
      schoolCount: schools.length,
      tables: changes.counts,
      faults,
      faultCount,
      removals: removals.slice(0, toldSchools),
      leftOut: read.leftOut.slice(0, toldSchools),
    };
  }
}

const refusedFirst = <T extends { refused: boolean }>(schools: readonly T[]): T[] => [
  ...schools.filter(({ refused }) => refused),
  ...schools.filter(({ refused }) => !refused),
];

async function readAll(
  source: string | Buffer,
  progress: ImportProgress,
): Promise<Awaited<ReturnType<typeof readRoster>> | { faults: readonly Fault[] }> {
  let files: PackageFiles;
  try {
    files = await openPackage(source);
  } catch (error) {
    if (error instanceof RosterError) return { faults: error.faults };
    throw error;
  }
  progress.start('Reading', await rowsIn(files));
  const roster = await readRoster(files, () => progress.advance());
  progress.stop();
  return roster;
}

/** Estimated number of rows to read: lines without headers. */
async function rowsIn(files: PackageFiles): Promise<number> {
  const yielder = new Yielder();
  let count = 0;
  for (const [name, bytes] of files) {
    if (name === 'manifest.csv') continue;
    for (let at = bytes.indexOf(0x0a); at !== -1 && at < bytes.length - 1; at = bytes.indexOf(0x0a, at + 1)) {
      if (yielder.due()) await yielder.yield();
      count++;
    }
  }
  return count;
}

function refusal(faults: readonly Fault[], dryRun: boolean): ImportReport {
  return {
    dryRun,
    outcome: 'refused',
    schools: [],
    schoolCount: 0,
    tables: noChanges().counts,
    faults: inOrder(faults),
    faultCount: faults.length,
    removals: [],
    leftOut: [],
  };
}

/** Today's date in Flanders. */
export const today = (now: Date): string => now.toLocaleDateString('sv-SE', { timeZone: 'Europe/Brussels' });
