import { Problem } from '@ilearn/core';
import { RosterError, type RosterFeed, type RosterFeedReport, type RosterRow } from '@ilearn/plugin-directory';
import type { Connections } from '../connections/connections.js';
import type { Dependencies } from '../dependencies.js';
import { type Failure, SourceFailed } from '../source/failure.js';
import type { Note } from '../source/objects.js';
import type { ListName } from '../source/pages.js';
import { inSchoolYears } from '../source/school-years.js';
import type { RunPages, StagedPage } from './pages.js';
import type { RunRow } from './run.js';
import type { Runs } from './runs.js';

/** Lines in the report of a run. */
const mostNotes = 1_000;
/** Roles in the portal that an ICT coordinator may give, who says where the data come from. */
const roles = ['pupil', 'teacher', 'ict-coordinator'];

/** Seconds to wait for another import. */
const retryAfter = 10;

/** Takes over what a run has read: everything in one unit of work, or nothing. */
export class Taking {
  readonly #access: Dependencies['access'];
  readonly #directory: Dependencies['directory'];
  readonly #signIn: Dependencies['signInOidc'];
  readonly #jobs: Dependencies['jobs'];
  readonly #locks: Dependencies['locks'];
  readonly #calendar: Dependencies['calendar'];
  readonly #savepoint: Dependencies['unitOfWork']['savepoint'];
  readonly #connections: Connections;
  readonly #runs: Runs;
  readonly #pages: RunPages;

  constructor({
    access,
    directory,
    signInOidc,
    jobs,
    locks,
    calendar,
    unitOfWork,
    connections,
    runs,
    runPages,
  }: Dependencies & { connections: Connections; runs: Runs; runPages: RunPages }) {
    this.#access = access;
    this.#directory = directory;
    this.#signIn = signInOidc;
    this.#jobs = jobs;
    this.#locks = locks;
    this.#calendar = calendar;
    this.#savepoint = unitOfWork.savepoint.bind(unitOfWork);
    this.#connections = connections;
    this.#runs = runs;
    this.#pages = runPages;
  }

  async take(id: string): Promise<void> {
    const run = await this.#runs.locked(id);
    if (run === undefined || run.state !== 'applying') return;
    // One school at a time, as in the directory: pages are not opened in vain.
    if (!isDry(run) && !(await this.#locks.tryTake('taking over'))) return this.#later(run);
    try {
      await this.#savepoint(() => this.#takeOver(run));
    } catch (error) {
      if (error instanceof Problem && error.type === 'directory/import-at-work') return this.#later(run);
      const failure: Failure | null =
        error instanceof SourceFailed ? error.code : error instanceof RosterError ? 'not-settled' : null;
      if (failure === null) throw error;
      await this.#runs.finish(run, { state: 'failed', failure });
      await this.#pages.remove(id);
    }
  }

  async #later(run: RunRow): Promise<void> {
    await this.#runs.update(run, {});
    await this.#jobs.enqueue('apply', { run: run.id }, { delaySeconds: retryAfter });
  }

  async #takeOver(run: RunRow): Promise<void> {
    const { feed, notes, noteCount, keys } = await this.#feedOf(run);
    const report = await this.#directory.oneroster.takeFeed(run.school_id, feed, {
      dryRun: isDry(run),
      roles,
      allowed: run.approved ? run.removals : [],
      unlessImportedSince: run.approved ? run.compared_at : null,
    });
    const { written, removals, changes } = report;
    const outcome = {
      removals: JSON.stringify(removals),
      changes: JSON.stringify(changes),
      left_out: report.leftOutCount + noteCount,
    };
    const state = written ? 'done' : removals.length > 0 ? 'held' : 'ready';
    await this.#runs.finish(run, { ...outcome, state, approved: false }, { notes: allNotes(notes, report) });
    if (!written) return;
    // Without knowing whose rows could not be read, the keys stay as they are.
    if (!feed.unreadable.users.unknown) await this.#giveKeys(run.school_id, keys);
    await this.#pages.remove(run.id);
  }

  async #feedOf(run: RunRow): Promise<{ feed: RosterFeed; notes: Note[]; noteCount: number; keys: [string, string][] }> {
    const rows: { [file: string]: RosterRow[] } = {};
    const unreadable = {
      users: { ids: [] as string[], unknown: false },
      classes: { ids: [] as string[], unknown: false },
      enrollments: { ids: [] as string[], unknown: false },
    };
    const notes: Note[] = [];
    let noteCount = 0;
    const keys: [string, string][] = [];
    const marks = new Map<ListName, Set<string>>();
    for await (const page of this.#pages.all(run)) {
      if (isOnTwoPages(page, marks)) {
        unreadable[page.unreadable.kind].unknown = true;
        page.notes.push({ file: page.list, sourcedId: '', column: 'sourcedId', code: 'two-pages' });
      }
      for (const [file, list] of Object.entries(page.rows)) {
        const all = rows[file];
        if (all === undefined) rows[file] = list;
        else for (const row of list) all.push(row);
      }
      const { kind, ids, unknown } = page.unreadable;
      for (const each of ids) unreadable[kind].ids.push(each);
      unreadable[kind].unknown ||= unknown;
      noteCount += page.notes.length;
      for (const each of page.notes.slice(0, mostNotes - notes.length)) notes.push(each);
      for (const each of page.keys) keys.push(each);
    }
    const { orgs } = run;
    if (orgs === null) throw new SourceFailed('lost');
    const today = await this.#calendar.today(run.school_id);
    const { classes, academicSessions, unclear } = inSchoolYears(rows['classes'] ?? [], rows['academicSessions'] ?? [], today);
    // A term may be missing for once: a class does not move to another year for that.
    for (const { sourcedId = '' } of unclear) {
      unreadable.classes.ids.push(sourcedId);
      noteCount += 1;
      if (notes.length < mostNotes) notes.push({ file: 'classes', sourcedId, column: 'termSourcedIds', code: 'reference' });
    }
    const departments = orgs.departments.map(({ id, name }) => ({
      sourcedId: id,
      name,
      type: 'department',
      parentSourcedId: orgs.school,
    }));
    const feed: RosterFeed = {
      school: orgs.school,
      rows: {
        academicSessions,
        orgs: departments,
        users: rows['users'] ?? [],
        roles: firstOfEach(rows['roles'] ?? []),
        classes,
        enrollments: ofClasses(rows['enrollments'] ?? [], classes, unreadable.classes, orgs.school),
      },
      unreadable,
    };
    return { feed, notes, noteCount, keys };
  }

  /**
   * Tells the plugin for signing in which accounts the people have. A feed says so only of people whose roles it may give: otherwise
   * whoever keeps the other system could sign in as the principal.
   */
  async #giveKeys(school: string, keys: readonly (readonly [user: string, key: string])[]): Promise<void> {
    const connection = await this.#connections.of(school);
    if (this.#signIn === undefined || connection?.accounts !== 'smartschool') return;
    const people = await this.#directory.people.bySourcedIds(
      school,
      keys.map(([user]) => user),
    );
    const held = await this.#access.rolesOfMany([...new Set(people.values())]);
    const beyond = new Set(
      held.flatMap(({ personId, roles: theirs }) =>
        theirs.some(({ tenant, role }) => tenant === null || (tenant === school && !roles.includes(role))) ? [personId] : [],
      ),
    );
    const accounts = keys.flatMap(([user, key]) => {
      const person = people.get(user);
      return person === undefined || beyond.has(person) ? [] : [{ person, key }];
    });
    await this.#signIn.rosterKeys.replace(school, 'smartschool', accounts);
  }
}

const isDry = ({ kind, approved }: RunRow): boolean => kind === 'preview' && !approved;

/** A role that a user has twice is one; its sourcedId says which. */
const firstOfEach = (rows: readonly RosterRow[]): RosterRow[] => [
  ...new Map([...rows].reverse().map((row) => [row['sourcedId'], row])).values(),
];

/**
 * Whether a page repeats an object of an earlier page of its list. A server that does not sort, or whose list changes while it is read, then
 * may have left out another object, which must not be taken for gone. An object that is twice on one page is only written twice.
 */
function isOnTwoPages({ list, marks }: StagedPage, seen: Map<ListName, Set<string>>): boolean {
  const before = seen.get(list) ?? new Set();
  const found = marks.some((mark) => before.has(mark));
  for (const mark of marks) before.add(mark);
  seen.set(list, before);
  return found;
}

/** Enrolments that name no school are of this one if their class is, or may be. */
function ofClasses(
  enrollments: readonly RosterRow[],
  classes: readonly RosterRow[],
  unreadable: { ids: readonly string[]; unknown: boolean },
  school: string,
): RosterRow[] {
  const own = new Set([...classes.map(({ sourcedId }) => sourcedId), ...unreadable.ids]);
  return enrollments.flatMap((row) => {
    if (row['schoolSourcedId'] !== '') return [row];
    return unreadable.unknown || own.has(row['classSourcedId']) ? [{ ...row, schoolSourcedId: school }] : [];
  });
}

const allNotes = (notes: readonly Note[], { leftOut }: RosterFeedReport): Note[] => [...notes, ...leftOut].slice(0, mostNotes);
