import { conflict, notFound } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { RunPages } from './pages.js';
import type { RunKind, RunReport, RunRow, RunState } from './run.js';

/** After this time without progress, a run is given up for another one. A server may ask to wait for an hour. */
const lostAfter = '2 hours';
/** What was read is shown for so long, and its pages are kept for longer: the school goes on, and people may have their data erased. */
const waitsFor = '3 days';
const reportPurpose = 'report';
const mostCoordinators = 100;

const shownColumns = [
  'id',
  'school_id',
  'kind',
  'state',
  'objects',
  'removals',
  'changes',
  'left_out',
  'failure',
  'started_at',
  'ended_at',
] as const;
export type ShownRun = Pick<RunRow, (typeof shownColumns)[number]>;

/** The runs of each school: reading its own system, and taking over what was read. At most one of a school is at work. */
export class Runs {
  readonly #knex: Dependencies['knex'];
  readonly #jobs: Dependencies['jobs'];
  readonly #live: Dependencies['live'];
  readonly #secrets: Dependencies['secrets'];
  readonly #principal: Dependencies['principal'];
  readonly #locks: Dependencies['locks'];
  readonly #access: Dependencies['access'];
  readonly #notifications: Dependencies['notifications'];
  readonly #pages: RunPages;
  readonly #directory: Dependencies['directory'];

  constructor({
    directory,
    knex,
    jobs,
    live,
    secrets,
    principal,
    locks,
    access,
    notifications,
    runPages,
  }: Dependencies & { runPages: RunPages }) {
    this.#directory = directory;
    this.#access = access;
    this.#notifications = notifications;
    this.#knex = knex;
    this.#jobs = jobs;
    this.#live = live;
    this.#secrets = secrets;
    this.#principal = principal;
    this.#locks = locks;
    this.#pages = runPages;
  }

  /** Whether the school has to accept the processing agreement before anything about its people is read. */
  async awaitsAgreement(school: string): Promise<boolean> {
    return (await this.#directory.schools.awaitingAgreement([school])).length > 0;
  }

  /**
   * Begins to read the system of a school. Runs that wait for a decision are replaced. Returns null if one is at work, or if the school has to
   * accept the processing agreement first.
   */
  async start(school: string, kind: RunKind): Promise<string | null> {
    if (await this.awaitsAgreement(school)) return null;
    await this.#lock(school);
    await this.#endLost(school);
    const requested_by = this.#principal.kind === 'person' ? this.#principal.id : null;
    const [run]: { id: string }[] = await this.#knex('runs')
      .insert({ school_id: school, kind, state: 'reading', requested_by })
      .onConflict(this.#knex.raw(`(school_id) where state in ('reading', 'applying')`))
      .ignore()
      .returning('id');
    if (run === undefined) return null;
    await this.#end(school, ['ready', 'held'], 'replaced');
    await this.#jobs.enqueue('read', { run: run.id, step: 0 });
    await this.#tell(school, run.id);
    return run.id;
  }

  async #endLost(school: string): Promise<void> {
    const lost: { id: string; kind: RunKind }[] = await this.#knex('runs')
      .where({ school_id: school })
      .whereIn('state', ['reading', 'applying'])
      .whereRaw(`updated_at < now() - interval '${lostAfter}'`)
      .update({ state: 'failed', failure: 'lost', ended_at: this.#knex.fn.now(), updated_at: this.#knex.fn.now() })
      .returning(['id', 'kind']);
    for (const { id, kind } of lost) {
      await this.#pages.remove(id);
      if (kind === 'nightly') await this.#notify(school, 'failed');
    }
  }

  /** Newest first. */
  list(school: string, limit: number): Promise<ShownRun[]> {
    const newest = [
      { column: 'started_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ];
    return this.#knex('runs')
      .where({ school_id: school })
      .select(...shownColumns)
      .orderBy(newest)
      .limit(limit) as unknown as Promise<ShownRun[]>;
  }

  async get(id: string): Promise<{ run: ShownRun; report: RunReport }> {
    const row = await this.find(id);
    if (row === undefined) throw notFound();
    const text = row.report === null ? null : await this.#secrets.open(reportPurpose, id, row.report);
    return { run: row, report: text === null ? { notes: [] } : JSON.parse(text) };
  }

  find(id: string): Promise<RunRow | undefined> {
    return this.#knex('runs').where({ id }).first();
  }

  /** Nobody else changes the run until the unit of work ends. */
  locked(id: string): Promise<RunRow | undefined> {
    return this.#knex('runs').where({ id }).forUpdate().first();
  }

  /**
   * Takes over what a run has read, with the removals that it shows.
   *
   * @throws Problem 409 if it does not wait for a decision any more, or was read too long ago
   */
  async approve(id: string): Promise<void> {
    const old = await this.#knex('runs').where({ id }).whereRaw(`started_at < now() - interval '${waitsFor}'`).first('id');
    if (old !== undefined) throw conflict('rosters/too-old', 'This was read too long ago: read the system of the school again.');
    await this.#decide(id, { state: 'applying', approved: true });
    await this.#jobs.enqueue('apply', { run: id });
  }

  /** @throws Problem 409 if it does not wait for a decision any more */
  async reject(id: string): Promise<void> {
    await this.#decide(id, { state: 'rejected', ended_at: this.#knex.fn.now() });
    await this.#pages.remove(id);
  }

  async #decide(id: string, change: object): Promise<void> {
    const run = await this.find(id);
    if (run === undefined) throw notFound();
    await this.#lock(run.school_id);
    const [changed] = await this.#knex('runs')
      .where({ id })
      .whereIn('state', ['ready', 'held'])
      .update({ ...change, updated_at: this.#knex.fn.now() })
      .returning('school_id');
    if (changed === undefined) throw conflict('rosters/decided', 'This run does not wait for a decision any more.');
    await this.#tell(changed.school_id, id);
  }

  /** Beginning a run and deciding about one take turns in a school. */
  #lock(school: string): Promise<void> {
    return this.#locks.take(`runs of ${school}`);
  }

  /** Ends every run of a school that is at work or waits. */
  async endAll(school: string): Promise<void> {
    await this.#lock(school);
    await this.#end(school, ['reading', 'applying', 'ready', 'held'], 'rejected');
  }

  /** Ends the runs of schools that wait for a decision, since somebody whom they may name is erased. */
  async endWaiting(schools: readonly string[]): Promise<void> {
    for (const school of [...schools].sort()) {
      await this.#lock(school);
      await this.#end(school, ['ready', 'held'], 'replaced');
    }
  }

  /** Ends runs that nobody decided about in time. */
  async endOld(): Promise<void> {
    const ended: string[] = await this.#knex('runs')
      .whereIn('state', ['ready', 'held'])
      .whereRaw(`started_at < now() - interval '${waitsFor}'`)
      .update({ state: 'failed', failure: 'lost', ended_at: this.#knex.fn.now(), updated_at: this.#knex.fn.now() })
      .returning('id')
      .then((rows) => rows.map(({ id }) => id));
    await this.#knex('pages').whereIn('run_id', ended).delete();
  }

  async #end(school: string, states: string[], state: string): Promise<void> {
    const ended: string[] = await this.#knex('runs')
      .where({ school_id: school })
      .whereIn('state', states)
      .update({ state, ended_at: this.#knex.fn.now(), updated_at: this.#knex.fn.now() })
      .returning('id')
      .then((rows) => rows.map(({ id }) => id));
    await this.#knex('pages').whereIn('run_id', ended).delete();
  }

  /** Changes a run at work and tells the pages that show it. */
  async update(run: Pick<RunRow, 'id' | 'school_id'>, change: object): Promise<void> {
    await this.#knex('runs')
      .where({ id: run.id })
      .update({ ...change, updated_at: this.#knex.fn.now() });
    await this.#tell(run.school_id, run.id);
  }

  /** Ends the work on a run, with its report; `ready` and `held` wait for a decision. */
  async finish(
    run: Pick<RunRow, 'id' | 'school_id' | 'kind'>,
    change: { state: RunState; [column: string]: unknown },
    report: RunReport = { notes: [] },
  ): Promise<void> {
    const sealed = await this.#secrets.seal(reportPurpose, run.id, JSON.stringify(report));
    const waits = change.state === 'ready' || change.state === 'held';
    const now = this.#knex.fn.now();
    const moment = waits ? { ended_at: null, compared_at: now } : { ended_at: now };
    await this.update(run, { ...change, ...moment, report: Buffer.from(sealed) });
    // Whoever asked for a run sees its page.
    if (run.kind === 'nightly' && (change.state === 'held' || change.state === 'failed'))
      await this.#notify(run.school_id, change.state);
  }

  async #notify(school: string, kind: 'held' | 'failed'): Promise<void> {
    if (this.#notifications === undefined) return;
    const to = await this.#access.holdersOf('ict-coordinator', school, mostCoordinators);
    if (to.length > 0)
      await this.#notifications.notify.send({ kind: `rosters.${kind}`, to, place: '/leerlinggegevens', params: {} });
  }

  /** Reports name ids of the other system, which nobody needs for long. */
  async clearReports(): Promise<void> {
    await this.#knex('runs').whereNotNull('report').whereRaw(`started_at < now() - interval '30 days'`).update({ report: null });
  }

  async #tell(school: string, run: string): Promise<void> {
    await this.#live.publish('runs', { school }, { run });
  }
}
