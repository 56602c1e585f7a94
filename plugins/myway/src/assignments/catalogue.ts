import type { Knex } from 'knex';
import type { PathCatalogue } from '../exports.js';
import type { PathService } from '../paths/service.js';
import { plainStep } from '../paths/steps.js';
import type { Assignments } from './service.js';

/** `myway.paths`: what other plugins may do with paths. The underlying services apply their usual checks. */
export class Catalogue implements PathCatalogue {
  private readonly pathService;
  private readonly assignments;
  private readonly knex;

  constructor({ pathService, assignments, knex }: { pathService: PathService; assignments: Assignments; knex: Knex }) {
    this.pathService = pathService;
    this.assignments = assignments;
    this.knex = knex;
  }

  create({ activityIds, ...path }: Parameters<PathCatalogue['create']>[0]): Promise<string> {
    const steps = activityIds.map((each) =>
      typeof each === 'string' ? plainStep(each) : { ...plainStep(each.activityId), ...each },
    );
    return this.pathService.insert({ sequence: 'in-order', ...path }, steps);
  }

  async sourcesGiven(schools: readonly string[]): Promise<string[]> {
    const { rows } = await this.knex.raw(
      `select distinct a.source from assignments g
       join steps s on s.path_id = g.path_id and s.removed_at is null
       join library.activity_states a on a.id = s.activity_id
       where g.school_id = any(?::uuid[]) and g.created_at > now() - interval '1 year' limit 500`,
      [[...schools] as never],
    );
    return rows.map(({ source }: { source: string }) => source);
  }

  async assignToClass({ pathId, classId, byPersonId, dueOn }: Parameters<PathCatalogue['assignToClass']>[0]): Promise<string> {
    return this.assignments.give(pathId, { classId, dueOn: dueOn ?? null }, byPersonId);
  }
}
