import type { Http } from '@ilearn/core';
import type { Connections } from '../connections/connections.js';
import type { Dependencies } from '../dependencies.js';
import { type Failure, SourceFailed } from '../source/failure.js';
import { type OwnOrgs, readObjects } from '../source/objects.js';
import { findOwnOrgs, mostOrgs } from '../source/own-orgs.js';
import { begin, type ListPosition, lists, readPage } from '../source/pages.js';
import { Requests } from '../source/requests.js';
import type { SourceSettings } from '../source/settings.js';
import type { RunPages, StagedPage } from './pages.js';
import type { RunRow } from './run.js';
import type { Runs } from './runs.js';

/** A step ends after so many milliseconds or objects, so that progress is stored and memory stays small. */
const stepMs = 15_000;
const stepObjects = 5_000;
/** Objects of one school; more is another list than that of a school. */
const mostObjects = 500_000;
/** Of a run: steps that succeed in between do not count. */
const mostTries = 5;
/** Seconds before a further try, the first time; then twice as long each time. */
const firstWait = 30;

/** What a step needs to know. */
export interface ReadInput {
  run: Pick<RunRow, 'school_id' | 'position' | 'orgs' | 'objects'>;
  numbers: readonly string[];
  settings: SourceSettings;
  secret: string;
}

/** What a step has read. */
export interface ReadResult {
  pages: StagedPage[];
  objects: number;
  orgs: OwnOrgs | null;
  /** Null: everything has been read. */
  position: ListPosition | null;
  failure: { code: Failure; passing: boolean; after: number | null } | null;
}

/** Reads the system of a school step by step. */
export class Reading {
  readonly #jobs: Dependencies['jobs'];
  readonly #connections: Connections;
  readonly #runs: Runs;
  readonly #pages: RunPages;

  constructor({
    jobs,
    connections,
    runs,
    runPages,
  }: Dependencies & { connections: Connections; runs: Runs; runPages: RunPages }) {
    this.#jobs = jobs;
    this.#connections = connections;
    this.#runs = runs;
    this.#pages = runPages;
  }

  /** What the next step needs; null if the run has ended or was taken over; a failure if the school or its connection is gone. */
  async input(id: string, step: number): Promise<ReadInput | Failure | null> {
    const run = await this.#runs.find(id);
    if (run === undefined || run.state !== 'reading' || run.step !== step) return null;
    const credentials = await this.#connections.credentialsOf(run.school_id);
    const school = await this.#connections.mayManage(run.school_id);
    if (credentials === null || school === null) return 'lost';
    return { run, numbers: school.numbers, ...credentials };
  }

  /** Stores what a step has read, and enqueues the next one. A step that was repeated stores nothing twice. */
  async record(id: string, step: number, result: ReadResult): Promise<void> {
    const run = await this.#runs.locked(id);
    if (run === undefined || run.state !== 'reading' || run.step !== step) return;
    const { failure, pages, position, orgs } = result;
    if (failure !== null) return this.#failed(run, failure);
    await this.#pages.add(run, run.pages, pages);
    const next = {
      step: step + 1,
      orgs: JSON.stringify(orgs),
      objects: run.objects + result.objects,
      pages: run.pages + pages.length,
    };
    if (position === null) {
      await this.#runs.update(run, { ...next, position: null, state: 'applying' });
      await this.#jobs.enqueue('apply', { run: id });
    } else {
      await this.#runs.update(run, { ...next, position: JSON.stringify(position) });
      await this.#jobs.enqueue('read', { run: id, step: step + 1 });
    }
  }

  /** Tries again from the beginning, since what was read may be of another state than what follows. */
  async #failed(run: RunRow, { code, passing, after }: NonNullable<ReadResult['failure']>): Promise<void> {
    await this.#pages.remove(run.id);
    if (!passing || run.tries + 1 >= mostTries) {
      return this.#runs.finish(run, { state: 'failed', failure: code });
    }
    const step = run.step + 1;
    await this.#runs.update(run, { step, tries: run.tries + 1, position: null, orgs: null, objects: 0, pages: 0 });
    const delaySeconds = Math.min(3_600, after ?? firstWait * 2 ** run.tries);
    await this.#jobs.enqueue('read', { run: run.id, step }, { delaySeconds });
  }
}

/** Reads pages until the step is long enough. Runs outside any unit of work. */
export async function readStep(
  http: Http,
  { run, numbers, settings, secret }: ReadInput,
  signal: AbortSignal,
): Promise<ReadResult> {
  const { tokenAddress, authentication, scope, clientId } = settings;
  const requests = new Requests(http, { tokenAddress, authentication, scope, clientId, secret }, signal);
  const result: ReadResult = { pages: [], objects: 0, orgs: run.orgs, position: run.position ?? begin(0), failure: null };
  const since = performance.now();
  const found: unknown[] = [];
  try {
    while (result.position !== null) {
      // The orgs are read in one step: only which of them are the school's is stored.
      const inOrgs = result.position.list === 0;
      if (!inOrgs && (performance.now() - since > stepMs || result.objects >= stepObjects)) break;
      const { names } = lists[result.position.list] as (typeof lists)[number];
      const { objects, rest } = await readPage(requests, settings, result.position);
      if (names[0] === 'orgs') {
        for (const each of objects) found.push(each);
        if (found.length > mostOrgs) throw new SourceFailed('too-large');
        if (rest === null || rest.list !== 0) result.orgs = findOwnOrgs(found, { schoolId: settings.schoolId, numbers });
      } else if (objects.length > 0 && result.orgs !== null) {
        result.objects += objects.length;
        if (run.objects + result.objects > mostObjects) throw new SourceFailed('too-large');
        result.pages.push({ list: names[0], ...readObjects(names[0], objects, settings, result.orgs) });
      }
      const next = result.position.list + 1;
      result.position = rest ?? (next < lists.length ? begin(next) : null);
    }
  } catch (error) {
    if (!(error instanceof SourceFailed)) throw error;
    return { ...result, pages: [], failure: { code: error.code, passing: error.isPassing, after: error.after } };
  }
  return result;
}
