import { notFound, type Principal } from '@ilearn/core';
import { raw } from 'objection';
import type { Dependencies } from '../dependencies.js';
import type { Training } from '../models.js';
import { refused } from '../problems.js';
import type { TrainingInput } from '../shapes.js';
import { trainingVector } from '../words.js';
import type { TrainingPaths } from './training-paths.js';

/** Trainings at the desk of their provider. Row-level security limits each caller to the provider's own. */
export class Trainings {
  readonly #Training: Dependencies['Training'];
  readonly #Event: Dependencies['Event'];
  readonly #paths: TrainingPaths;
  readonly #principal: Principal;
  readonly #directory: Dependencies['directory'];

  constructor({ Training, Event, principal, directory, trainingPaths }: Dependencies & { trainingPaths: TrainingPaths }) {
    this.#Training = Training;
    this.#Event = Event;
    this.#paths = trainingPaths;
    this.#principal = principal;
    this.#directory = directory;
  }

  /** By title. `after`: title and id of the last one of the page before. */
  list(limit: number, after: readonly unknown[] | null): Promise<(Training & { planned: number })[]> {
    const query = this.#Training
      .query()
      .select('trainings.*')
      .select(
        this.#Training.relatedQuery('events').where('state', 'planned').where('ends_at', '>', raw('now()')).count().as('planned'),
      )
      .orderBy(['title', 'id'])
      .limit(limit);
    if (after !== null) query.where(raw('(title, id) > (?, ?)', [...after] as string[]) as never, raw('true') as never);
    return query as never;
  }

  async get(id: string): Promise<Training> {
    const training = await this.#Training.query().findById(id);
    if (training === undefined) throw notFound();
    return training;
  }

  async create(provider: string, input: TrainingInput): Promise<Training> {
    const found = await this.#directory.providers.get(provider);
    if (found === null || !this.#plansFor(provider)) throw notFound();
    await this.#paths.checkPath(input.pathId);
    const columns = { ...columnsOf(input), provider_id: provider, provider_name: found.name };
    return this.#indexed(await this.#Training.query().insertAndFetch(columns));
  }

  async update(id: string, input: TrainingInput): Promise<Training> {
    const before = await this.get(id);
    if (input.pathId !== before.path_id) await this.#paths.checkPath(input.pathId);
    return this.#indexed(
      await this.#Training.query().patchAndFetchById(id, { ...columnsOf(input), updated_at: raw('now()') as never }),
    );
  }

  /** A draft with the same texts, without events. */
  async copy(id: string, title: string): Promise<Training> {
    const { id: _, search: _search, updated_at: _at, ...columns } = (await this.get(id)) as Training & { search?: string };
    return this.#indexed(await this.#Training.query().insertAndFetch({ ...columns, title, state: 'draft' }));
  }

  async remove(id: string): Promise<void> {
    const training = await this.get(id);
    const inUse = await training
      .$relatedQuery('events')
      .where((any) => any.where({ self_paced: false }).orWhereExists(this.#Event.relatedQuery('enrolments')))
      .resultSize();
    if (inUse > 0) throw refused('has-enrolments');
    await training.$relatedQuery('events').delete();
    await this.#Training.query().deleteById(id);
  }

  /** Takes over the name of a provider that changed it. */
  async renameProvider(provider: string): Promise<void> {
    const found = await this.#directory.providers.get(provider);
    if (found === null) return;
    const { id: provider_id, name: provider_name } = found;
    await this.#Training.query().where({ provider_id }).patch({ provider_name });
    await this.#Training
      .query()
      .where({ provider_id })
      .patch({ search: raw(trainingVector) } as never);
  }

  async #indexed(training: Training): Promise<Training> {
    await this.#paths.keepEvent(training);
    await this.#Training
      .query()
      .findById(training.id)
      .patch({ search: raw(trainingVector) } as never);
    return training;
  }

  #plansFor(provider: string): boolean {
    const { tenants } = this.#principal;
    return tenants === '*' || tenants.includes(provider);
  }
}

const columnsOf = ({ forAll, schools, groups, pathId, ...same }: TrainingInput): Partial<Training> => ({
  ...same,
  path_id: pathId,
  for_all: forAll,
  school_ids: schools,
  group_ids: groups,
});
