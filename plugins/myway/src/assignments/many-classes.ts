import type { Dependencies } from '../dependencies.js';
import { isProblemOf } from '../problems.js';
import type { Assignments } from './service.js';

/** Paths given to several classes at once. */
export class ManyClasses {
  private readonly unitOfWork;
  private readonly assignments;

  constructor({ unitOfWork, assignments }: Dependencies & { assignments: Assignments }) {
    this.unitOfWork = unitOfWork;
    this.assignments = assignments;
  }

  /**
   * Assigns a path to each of these classes and groups. Those that have it already are left out.
   *
   * @throws as {@link Assignments.give}, if a class cannot get it for another reason; then none does
   */
  async give(
    pathId: string,
    classIds: readonly string[],
    days: { beginsOn: string | null; dueOn: string | null },
  ): Promise<{ given: string[]; had: string[] }> {
    const [given, had]: [string[], string[]] = [[], []];
    for (const classId of new Set(classIds)) {
      try {
        given.push(await this.unitOfWork.savepoint(() => this.assignments.give(pathId, { classId, ...days })));
      } catch (problem) {
        if (!isProblemOf(problem, 'already-given', 'already-given-to-some')) throw problem;
        had.push(classId);
      }
    }
    return { given, had };
  }
}
