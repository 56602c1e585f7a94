import { notFound } from '@ilearn/core';
import type { AssignmentRow } from '../assignments/model.js';
import type { Assignments } from '../assignments/service.js';
import type { Dependencies } from '../dependencies.js';
import { groupBy } from '../group-by.js';
import type { PathShape } from '../paths/shapes.js';
import { boardRow, stationsOf } from '../progress/board-row.js';
import { countsOf } from '../progress/rows.js';
import type { Progress, Reading } from '../progress/service.js';
import type { BranchChoices } from '../trail/choices.js';
import type { ExtraSteps } from '../trail/extra-steps.js';
import type { ResultRows } from '../trail/result-rows.js';
import { otherActivities } from '../trail/variants.js';
import { type ClassLine, type ClassProgress, mostLines, type PupilPath, type PupilProgress } from './model.js';
import { placeOf, statusOf } from './places.js';

/**
 * What the pages of a class and of a person show of its paths. Like the class board, only for teachers of the class. Each method sends the
 * same number of statements for any number of paths and pupils.
 */
export class ClassPaths {
  private readonly config;
  private readonly knex;
  private readonly directory;
  private readonly principal;
  private readonly assignments;
  private readonly resultRows;
  private readonly choices;
  private readonly extraSteps;
  private readonly library;
  private readonly progress;
  private readonly clock;

  constructor({
    config,
    knex,
    directory,
    principal,
    assignments,
    resultRows,
    choices,
    extraSteps,
    library,
    progress,
    clock,
  }: Dependencies & {
    assignments: Assignments;
    resultRows: ResultRows;
    choices: BranchChoices;
    extraSteps: ExtraSteps;
    progress: Progress;
  }) {
    this.config = config;
    this.knex = knex;
    this.directory = directory;
    this.principal = principal;
    this.assignments = assignments;
    this.resultRows = resultRows;
    this.choices = choices;
    this.extraSteps = extraSteps;
    this.library = library;
    this.progress = progress;
    this.clock = clock;
  }

  /** @throws 404 if the principal may not see the class */
  async ofClass(classId: string): Promise<ClassProgress> {
    const one = await this.directory.classes.get(classId);
    if (one === null) throw notFound();
    const teachers = await this.directory.classes.teachersOf(classId);
    if (!teachers.some(({ id }) => id === this.principal.id)) return { taught: false, lines: [], more: false, pupils: [] };

    const found: AssignmentRow[] = await this.assignments
      .rows()
      .where({ class_id: classId })
      .whereNull('ended_at')
      .orderBy([
        { column: 'created_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(mostLines + 1);
    const rows = found.slice(0, mostLines);
    const boards = await this.progress.read(rows, new Map([[one.id, one]]));
    const rowsOf = groupBy(
      boards.flatMap((board) => board.rows),
      ({ pupil }) => pupil.id,
    );
    const pupils = await this.directory.classes.pupilsOf(classId);
    return {
      taught: true,
      lines: boards.map(lineOf),
      more: found.length > mostLines,
      pupils: pupils.map(({ id, givenName, familyName }) => {
        const theirs = rowsOf.get(id) ?? [];
        const active = theirs.flatMap(({ lastActiveAt }) => lastActiveAt ?? []).sort();
        return { id, givenName, familyName, status: statusOf(theirs), lastActiveAt: active.at(-1) ?? null };
      }),
    };
  }

  /** @throws 404 if the principal may not see the person */
  async ofPupil(pupilId: string): Promise<PupilProgress> {
    const pupil = await this.directory.people.get(pupilId);
    if (pupil === null) throw notFound();
    const taught = new Set((await this.assignments.classesOf(this.principal)).map(({ id }) => id));
    const shared = (await this.directory.classes.ofPerson(pupilId, 'pupil')).filter(({ id }) => taught.has(id));
    const classes = new Map(shared.map((each) => [each.id, each]));
    const found: AssignmentRow[] = await this.assignments
      .rows()
      .whereIn('class_id', [...classes.keys()])
      .where((either) =>
        either
          .where('whole_class', true)
          .orWhereExists(
            this.knex('assignment_pupils as p').whereRaw('p.assignment_id = assignments.id').where('p.pupil_id', pupilId),
          ),
      )
      .orderByRaw('ended_at is not null, created_at desc, id desc')
      .limit(mostLines + 1);
    const rows = found.slice(0, mostLines);
    const shapes = await this.assignments.shapesOf(rows);
    const ids = rows.map(({ id }) => id);
    const results = await this.resultRows.of(ids, pupilId);
    const others = await otherActivities(this.library.activities, results);
    const extra = await this.extraSteps.of(ids, pupilId);
    const resultsOf = groupBy(results, (result) => result.assignmentId);
    const choicesOf = await this.choices.of(rows, shapes, pupilId);
    const now = this.clock.now();
    const paths = rows.map(async (row): Promise<PupilPath> => {
      const shape = shapes.get(row.path_id) as PathShape;
      const theirs = resultsOf.get(row.id) ?? [];
      const follows = {
        shape,
        others,
        results: theirs,
        extra: extra.get(row.id) ?? [],
        choices: choicesOf(row.id, pupilId),
      };
      const { pupil: _, ...way } = boardRow(pupil, follows, this.config, now);
      return {
        ...way,
        assignment: await this.assignments.describe(row, shape, classes.get(row.class_id)),
        steps: stationsOf(shape),
      };
    });
    return { taught: classes.size > 0, paths: await Promise.all(paths), more: found.length > mostLines };
  }
}

const lineOf = ({ assignment, steps, rows }: Reading): ClassLine => ({
  ...assignment,
  counts: countsOf(rows),
  stations: steps,
  places: rows.map((each) => ({ pupilId: each.pupil.id, at: placeOf(each), stuck: each.stuck })),
});
