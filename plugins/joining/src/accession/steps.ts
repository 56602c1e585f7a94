import { conflict, notFound, Problem, systemPrincipal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { Entries } from '../waiting-list/entries.js';

export const steps = ['agreement', 'releases', 'sign-in', 'roster', 'colleagues'] as const;
export type Step = (typeof steps)[number];
export const stepStates = ['open', 'later', 'done'] as const;
export type StepState = (typeof stepStates)[number];

/** Schools of which the steps are shown at once. */
export const mostJoined = 60;

export interface JoinedSchool {
  school: string;
  name: string;
  number: string;
  steps: Record<Step, StepState>;
  finished: boolean;
}

interface Row {
  school_id: string;
  entry_id: string;
  steps: Partial<Record<Step, StepState>>;
  finished_at: Date | null;
}

/** The steps that the people of a new school take, each when it suits them. They see and change those of their own schools only. */
export class JoiningSteps {
  readonly #knex: Dependencies['knex'];
  readonly #clock: Dependencies['clock'];
  readonly #actAs: Dependencies['actAs'];
  readonly #directory: Dependencies['directory'];
  readonly #entries: Entries;

  constructor({ knex, clock, actAs, directory, entries }: Dependencies & { entries: Entries }) {
    this.#knex = knex;
    this.#clock = clock;
    this.#actAs = actAs;
    this.#directory = directory;
    this.#entries = entries;
  }

  /** Schools of the caller that joined by the waiting list, unfinished ones first. `more`: there are more than these. */
  async list(): Promise<{ schools: JoinedSchool[]; more: boolean }> {
    const rows: Row[] = await this.#knex('joined_schools')
      .orderByRaw('finished_at nulls first, school_id')
      .limit(mostJoined + 1)
      .select('school_id', 'entry_id', 'steps', 'finished_at');
    const shown = rows.slice(0, mostJoined);
    const found = await this.#directory.schools.getMany(shown.map(({ school_id }) => school_id));
    const byId = new Map(found.map((school) => [school.id, school]));
    const schools = shown.flatMap((row) => {
      const school = byId.get(row.school_id);
      if (school === undefined) return [];
      const own = Object.fromEntries(steps.map((step) => [step, row.steps[step] ?? 'open'])) as JoinedSchool['steps'];
      return [
        {
          school: school.id,
          name: school.name,
          number: school.instellingsnummer,
          steps: own,
          finished: row.finished_at !== null,
        },
      ];
    });
    return { schools, more: rows.length > mostJoined };
  }

  /**
   * Sets a step of these schools.
   *
   * @throws Problem 404 unless the caller acts for each of them, and each joined by the list; 422 `joining/agreement` for the agreement as
   * done: a principal accepts it on its own page
   */
  async set(schools: readonly string[], step: Step, state: StepState): Promise<void> {
    if (step === 'agreement' && state === 'done') throw notByHand();
    const rows: { school_id: string }[] = await this.#knex('joined_schools')
      .whereRaw('school_id = any(?::uuid[])', [[...schools]])
      .update({ steps: this.#knex.raw('steps || ?::jsonb', [JSON.stringify({ [step]: state })]) })
      .returning('school_id');
    if (rows.length !== new Set(schools).size) throw notFound();
  }

  /**
   * Ends the steps of these schools, whatever else is left than the processing agreement; the entry is done when all its schools are.
   *
   * @throws Problem 404 as `set`; 409 `joining/agreement` if one of them has not accepted the processing agreement
   */
  async finish(schools: readonly string[]): Promise<void> {
    const rows: { entry_id: string }[] = await this.#knex('joined_schools')
      .whereRaw('school_id = any(?::uuid[])', [[...schools]])
      .update({ finished_at: this.#clock.now() })
      .returning('entry_id');
    if (rows.length !== new Set(schools).size) throw notFound();
    if ((await this.#directory.schools.awaitingAgreement(schools)).length > 0) throw notAgreed();
    for (const entryId of new Set(rows.map(({ entry_id }) => entry_id))) await this.#finishEntry(entryId);
  }

  /** As the portal: the other schools of a group may be of somebody else. */
  async #finishEntry(entryId: string): Promise<void> {
    const entry = await this.#entries.locked(entryId);
    // Gone by retention, or finished before.
    if (entry?.state !== 'joining') return;
    const open = await this.#actAs(systemPrincipal(), ({ knex }: Dependencies) =>
      knex('joined_schools').where({ entry_id: entryId }).whereNull('finished_at').first('school_id'),
    );
    if (open === undefined) await this.#entries.transition(entry, 'finish', 'contact');
  }
}

const notAgreed = () =>
  conflict('joining/agreement', 'Accept the processing agreement first: without it, no data of people are taken.');
const notByHand = (): Problem =>
  new Problem({
    type: 'joining/agreement',
    status: 422,
    title: 'Not by hand',
    detail: 'The processing agreement is accepted on its own page, by a principal.',
    errors: [{ in: 'body', pointer: '/state', message: 'cannot be done for this step' }],
  });
