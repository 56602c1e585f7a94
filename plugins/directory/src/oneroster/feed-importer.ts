import { conflict, forbidden, notFound, type Principal } from '@ilearn/core';
import { refuseAwaiting } from '../awaited-agreements.js';
import type { Dependencies } from '../dependencies.js';
import type { RosterFeed, RosterFeedOptions, RosterFeedReport, RosterRemoval } from '../exports.js';
import { type Fault, RosterError, shown } from './faults.js';
import { deltaOf, type LeftOutRow, type ReadFeed, readFeed } from './feed.js';
import { fileNames } from './file-names.js';
import { today } from './importer.js';
import { type Plan, planImport } from './plan.js';
import { loadPeople, loadState, type State } from './state.js';
import { store } from './store.js';

/** Rows with a fault in the report of a feed. */
const mostLeftOut = 1_000;
/** A row that is left out may leave others without what they refer to, so planning is repeated; more rounds than there are kinds of rows. */
const rounds = 20;

/** Makes one school as another system has it; a row with a fault is left out and stops no other. */
export class FeedImporter {
  readonly #parts: Pick<Dependencies, 'knex' | 'access' | 'events' | 'tenants' | 'contributions'>;
  readonly #principal: Principal;
  readonly #clock: Dependencies['clock'];
  readonly #locks: Dependencies['locks'];
  readonly #log: Dependencies['log'];

  constructor({ knex, access, events, tenants, contributions, principal, clock, locks, log }: Dependencies) {
    this.#parts = { knex, access, events, tenants, contributions };
    this.#principal = principal;
    this.#clock = clock;
    this.#locks = locks;
    this.#log = log;
  }

  /** See {@link OneRosterImport.takeFeed}. Requires the system principal. */
  async run(
    school: string,
    feed: RosterFeed,
    { dryRun, roles, allowed, unlessImportedSince = null }: RosterFeedOptions,
  ): Promise<RosterFeedReport> {
    if (this.#principal.kind !== 'system') throw forbidden('Only the portal itself takes the feed of a school.');
    const { knex } = this.#parts;
    const found = await knex('schools').where({ id: school }).first('name', 'instellingsnummer');
    if (found === undefined) throw notFound();
    await refuseAwaiting(this.#parts, [school]);

    const leftOut: LeftOutRow[] = [];
    let leftOutCount = 0;
    const leaveOut = (row: LeftOutRow) => {
      leftOutCount += 1;
      if (leftOut.length < mostLeftOut) leftOut.push(row);
    };
    const read = await readFeed(feed, { number: found.instellingsnummer, name: found.name }, leaveOut);
    // The same lock as for packages: two imports at once would each plan with rows that the other changes. A large one takes minutes.
    if (!dryRun && !(await this.#locks.tryTake('import')))
      throw conflict('directory/import-at-work', 'Another import is at work.');
    const { plan, state } = await this.#plan({ school, feed, read, roles, leaveOut });
    const removals = [...plan.removals.map(({ school: _, ...removal }) => removal), ...emptied(plan, state, school)];
    const written = !dryRun && areAllowed(removals, allowed) && !(await this.#importedSince(school, unlessImportedSince));
    if (written) {
      await store(this.#parts, { state, changes: plan.changes, schools: [school] });
      this.#log.info({ school, counts: plan.changes.counts, leftOut: leftOutCount }, 'feed of a school taken');
    }
    return { written, changes: plan.changes.counts, removals, leftOut, leftOutCount };
  }

  async #importedSince(school: string, moment: Date | null): Promise<boolean> {
    if (moment === null) return false;
    const found = await this.#parts
      .knex('imports')
      .where({ school_id: school })
      .where('imported_at', '>', moment)
      .first('school_id');
    return found !== undefined;
  }

  /** Plans until no row has a fault, leaving out those that have one. */
  async #plan(input: {
    school: string;
    feed: RosterFeed;
    read: ReadFeed;
    roles: readonly string[];
    leaveOut: (row: LeftOutRow) => void;
  }): Promise<{ plan: Plan; state: State }> {
    const { school, feed, read, roles, leaveOut } = input;
    const scope = [school];
    const noState = { memberships: [], roles: [], classes: [], enrolments: [] } as unknown as State;
    const state = await loadState(this.#parts.knex, deltaOf(feed, read, noState, school), scope);
    for (let round = 1; ; round++) {
      const faults: Fault[] = [];
      const roster = deltaOf(feed, read, state, school);
      const plan = await planImport(roster, state, {
        scope,
        today: today(this.#clock.now()),
        // Which removals are allowed is decided by their number.
        allowRemovals: true,
        mayGrant: ({ role }) => roles.includes(role),
        peopleElsewhere: (ids) => loadPeople(this.#parts.knex, ids),
        onFault: (fault) => faults.push(fault),
      });
      if (faults.length === 0) return { plan, state };
      const byRow = new Map(
        fileNames.flatMap((name) => roster.rows[name].map((row) => [`${name}.csv ${row.row}`, [name, row] as const])),
      );
      for (const fault of faults) {
        const [name, row] = byRow.get(`${fault.file} ${fault.row}`) ?? [];
        if (name === undefined || row === undefined || round === rounds) throw new RosterError([fault]);
        const { sourcedId } = row.cells;
        if (read.faulty[name].has(sourcedId)) continue;
        read.faulty[name].add(sourcedId);
        leaveOut({ file: name, sourcedId: shown(sourcedId), column: fault.column, code: fault.code });
      }
    }
  }
}

/** Kinds of which nothing would be left, however few there are: a wrong filter or key looks the same. */
function emptied({ removals, changes }: Plan, state: State, school: string): RosterRemoval[] {
  const inUse = (rows: readonly { school_id: string; active: boolean; sourced_id: string | null }[]) =>
    rows.filter(({ school_id, active, sourced_id }) => school_id === school && active && sourced_id !== null).length;
  const ended = (rows: readonly { school_id: string; active: boolean }[]) =>
    rows.filter(({ school_id, active }) => school_id === school && !active).length;
  const kinds: [kind: RosterRemoval['kind'], before: number, gone: number, added: number][] = [
    ['people', inUse(state.memberships), ended(changes.memberships), changes.counts.people.added],
    ['classes', inUse(state.classes), ended(changes.classes), changes.counts.classes.added],
    ['enrolments', inUse(state.enrolments), ended(changes.enrolments), changes.counts.enrolments.added],
  ];
  return kinds.flatMap(([kind, before, gone, added]) =>
    before === 0 || gone < before || added > 0 || removals.some((one) => one.kind === kind)
      ? []
      : [{ kind, class: null, count: before, total: before }],
  );
}

/** Whether each removal is confirmed by one of its own: two classes may have the same name. */
function areAllowed(removals: readonly RosterRemoval[], allowed: readonly RosterRemoval[]): boolean {
  const left = [...allowed].sort((a, b) => a.count - b.count);
  return [...removals]
    .sort((a, b) => a.count - b.count)
    .every(({ kind, class: of, count }) => {
      const at = left.findIndex((one) => one.kind === kind && one.class === of && one.count >= count);
      if (at >= 0) left.splice(at, 1);
      return at >= 0;
    });
}
