import type { Assignments } from '../assignments/service.js';
import type { Dependencies } from '../dependencies.js';
import { stepsForPupils } from '../paths/shapes.js';
import { resourceLinkOf } from '../trail/results.js';
import { mostToolColumns, type ToolResults } from './model.js';

/** Results in line items that tools created, for the teachers of the class. */
export class ToolResultsReader {
  private readonly assignments;
  private readonly lti;

  constructor({ assignments, lti }: Dependencies & { assignments: Assignments }) {
    this.assignments = assignments;
    this.lti = lti;
  }

  /** @throws 404 unless the principal teaches the class */
  async of(assignmentId: string): Promise<ToolResults> {
    const row = await this.assignments.followed(assignmentId);
    const found = await this.lti.gradebook.columnsOf(row.school_id, row.id);
    const columns = found.slice(-mostToolColumns);
    if (columns.length === 0) return { columns: [], rows: [], more: false };
    const pupils = await this.assignments.pupilsOf(row);
    const steps = stepsForPupils(await this.assignments.shapeOf(row));
    const cells = columns.map((column) => new Map(column.cells.map((cell) => [cell.personId, cell])));
    return {
      columns: columns.map(({ id, label, resourceLinkId }) => ({
        id,
        label,
        stepTitle: steps.find((step) => resourceLinkId === resourceLinkOf(row.id, step.id))?.shownTitle ?? null,
      })),
      rows: pupils.map(({ id, givenName, familyName }) => ({
        pupil: { id, givenName, familyName },
        cells: cells.map((column) => {
          const cell = column.get(id);
          return { score: cell?.score ?? null, pending: cell?.pending ?? false };
        }),
      })),
      more: found.length > columns.length,
    };
  }
}
