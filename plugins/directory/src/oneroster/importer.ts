import { forbidden, type Principal, type SchoolScope } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Cradle } from '../cradle.js';
import type { OneRosterImport } from '../exports.js';
import { applyChanges, confirmSchools, sizeOf } from './apply.js';
import { type CountedTable, type Counts, noChanges } from './changes.js';
import { type Fault, inOrder, RosterError } from './faults.js';
import { openPackage, type PackageFiles } from './package.js';
import { planImport } from './plan.js';
import { type LeftOut, readRoster } from './read.js';
import { loadState } from './state.js';

export interface ImportOptions {
  /** Only tell what would change. */
  dryRun?: boolean;
  /** Accept a bulk file that leaves out more than half of a school's people. */
  allowRemovals?: boolean;
  /** Schools that the sender acts for; default: those of the present principal. */
  scope?: SchoolScope;
  progress?: ImportProgress;
}

export interface ImportProgress {
  start(label: string, total: number): void;
  advance(by?: number): void;
  stop(): void;
}

export interface ImportReport {
  dryRun: boolean;
  /** `partly`: some schools of the package are imported, others are refused. */
  outcome: 'imported' | 'partly' | 'refused';
  schools: { instellingsnummer: string; name: string; known: boolean; refused: boolean }[];
  tables: Record<CountedTable, Counts>;
  faults: Fault[];
  leftOut: LeftOut[];
}

const silent: ImportProgress = { start() {}, advance() {}, stop() {} };

/** Brings the directory in line with a package of OneRoster CSV files. */
export class Importer {
  readonly #knex: Knex;
  readonly #principal: Principal;
  readonly #access: Cradle['access'];
  readonly #log: Cradle['log'];
  readonly #clock: Cradle['clock'];

  constructor({ knex, principal, access, log, clock }: Cradle) {
    this.#knex = knex;
    this.#principal = principal;
    this.#access = access;
    this.#log = log;
    this.#clock = clock;
  }

  /**
   * Imports every school of a package that has no fault, in the present unit of work, which must be the system's: people may
   * belong to schools that the sender does not act for.
   *
   * @param source a folder, a zip, or the bytes of a zip
   */
  async run(source: string | Buffer, options: ImportOptions = {}): Promise<ImportReport> {
    if (this.#principal.kind !== 'system') throw forbidden('Only the portal itself imports a package.');
    const { dryRun = false, allowRemovals = false, progress = silent, scope = this.#principal.schools } = options;
    const read = await readAll(source, progress);
    if ('faults' in read) return refusal(read.faults, dryRun);

    // Two imports at once would each count with what the other is about to change.
    await this.#knex.raw("select pg_advisory_xact_lock(hashtext('directory.import'))");
    const state = await loadState(this.#knex, read, scope);
    const { schools, faults, changes } = planImport(read, state, {
      scope,
      today: today(this.#clock.now()),
      allowRemovals,
      mayGrant: (grant) => this.#access.mayGrant(grant),
    });
    if (!dryRun) {
      const size = sizeOf(changes);
      if (size > 0) progress.start('Writing', size);
      await applyChanges(this.#knex, this.#access, changes, (count) => progress.advance(count));
      const accepted = schools.flatMap(({ school, refused }) => (refused ? [] : [school.id]));
      await confirmSchools(this.#knex, accepted);
      if (size > 0) progress.stop();
      this.#log.info({ schools: accepted.length, counts: changes.counts, faults: faults.length }, 'OneRoster package imported');
    }
    const refusedSome = faults.length > 0;
    return {
      dryRun,
      outcome: !refusedSome ? 'imported' : schools.some(({ refused }) => !refused) ? 'partly' : 'refused',
      schools: schools.map(({ school, refused }) => ({
        instellingsnummer: school.instellingsnummer,
        name: school.name,
        known: school.known,
        refused,
      })),
      tables: changes.counts,
      faults,
      leftOut: read.leftOut,
    };
  }
}

/** `directory.oneroster` */
export class OneRoster implements OneRosterImport {
  readonly #importer: Importer;

  constructor({ importer }: Cradle) {
    this.#importer = importer;
  }

  async importFrom(path: string, { dryRun = false }: { dryRun?: boolean } = {}): Promise<Record<CountedTable, Counts>> {
    const report = await this.#importer.run(path, { dryRun });
    if (report.faults.length > 0) throw new RosterError(report.faults);
    return report.tables;
  }
}

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
  progress.start('Reading', rowsIn(files));
  const roster = await readRoster(files, () => progress.advance());
  progress.stop();
  return roster;
}

/** About how many rows there are to read: lines without headers. */
function rowsIn(files: PackageFiles): number {
  let count = 0;
  for (const [name, bytes] of files) {
    if (name === 'manifest.csv') continue;
    for (let at = bytes.indexOf(0x0a); at !== -1 && at < bytes.length - 1; at = bytes.indexOf(0x0a, at + 1)) count++;
  }
  return count;
}

function refusal(faults: readonly Fault[], dryRun: boolean): ImportReport {
  return { dryRun, outcome: 'refused', schools: [], tables: noChanges().counts, faults: inOrder(faults), leftOut: [] };
}

/** The day in Flanders. */
export const today = (now: Date): string => now.toLocaleDateString('sv-SE', { timeZone: 'Europe/Brussels' });
