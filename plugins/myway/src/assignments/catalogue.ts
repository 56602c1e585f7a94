import type { PathCatalogue } from '../exports.js';
import type { PathService } from '../paths/service.js';
import { plainStep } from '../paths/steps.js';
import type { Assignments } from './service.js';

/** `myway.paths`: what other plugins may do with paths. The underlying services apply their usual checks. */
export class Catalogue implements PathCatalogue {
  private readonly pathService;
  private readonly assignments;

  constructor({ pathService, assignments }: { pathService: PathService; assignments: Assignments }) {
    this.pathService = pathService;
    this.assignments = assignments;
  }

  create({ activityIds, ...path }: Parameters<PathCatalogue['create']>[0]): Promise<string> {
    const steps = activityIds.map((each) =>
      typeof each === 'string' ? plainStep(each) : { ...plainStep(each.activityId), ...each },
    );
    return this.pathService.insert({ sequence: 'in-order', ...path }, steps);
  }

  async assignToClass({ pathId, classId, byPersonId, dueOn }: Parameters<PathCatalogue['assignToClass']>[0]): Promise<string> {
    return this.assignments.give(pathId, { classId, dueOn: dueOn ?? null }, byPersonId);
  }
}
