import type { ClassSummary } from '@ilearn/plugin-directory';
import type { Knex } from 'knex';
import type { AssignmentRow } from '../assignments/model.js';
import type { Assignments } from '../assignments/service.js';
import type { Dependencies } from '../dependencies.js';
import { type PathShape, stepsForPupils } from '../paths/shapes.js';
import type { Progress } from './service.js';
import type { Arrived, Ending, StuckPupil } from './start-model.js';
import { stuckOn } from './stuck.js';

const dayInMs = 86_400_000;
/** Days back that count as recent: on a Monday, also what came in on Friday. */
export const recentDays = 3;
const aheadDays = 7;
/** Rows that a part shows. */
export const mostShown = 8;
/** Results that may be stuck, from which pupils who have left are taken out. */
const mostStuck = 400;

interface StuckRow {
  assignment_id: string;
  step_id: string;
  pupil_id: string;
  state: 'todo' | 'started' | 'done';
  started_at: Date | null;
  tries: number;
  best: number | null;
}

/** What the start page tells a teacher about the classes and groups that they teach. Each method has a constant number of statements. */
export class TeacherStart {
  private readonly knex;
  private readonly clock;
  private readonly config;
  private readonly calendar;
  private readonly principal;
  private readonly directory;
  private readonly assignments;
  private readonly progress;

  constructor({
    knex,
    clock,
    config,
    calendar,
    principal,
    directory,
    assignments,
    progress,
  }: Dependencies & { assignments: Assignments; progress: Progress }) {
    this.knex = knex;
    this.clock = clock;
    this.config = config;
    this.calendar = calendar;
    this.principal = principal;
    this.directory = directory;
    this.assignments = assignments;
    this.progress = progress;
  }

  /** Pupils who are stuck on a step of a running assignment, the last active first. */
  async stuck(): Promise<{ pupils: StuckPupil[]; more: number }> {
    const classes = await this.classes();
    const now = this.clock.now();
    const rows: StuckRow[] = await this.running('results', classes)
      .whereNull('results.skipped_at')
      .where((either) =>
        either
          .whereRaw('results.tries >= ? and coalesce(results.own_given / results.own_maximum, results.best, 0) < ?', [
            this.config.stuckAfterTries,
            this.config.goodEnough,
          ])
          .orWhere((waiting) =>
            waiting
              .where('results.state', 'started')
              .where('results.started_at', '<', new Date(now.getTime() - this.config.stuckAfterDays * dayInMs)),
          ),
      )
      .orderByRaw('results.last_active_at desc nulls last, results.pupil_id, results.step_id')
      .limit(mostStuck)
      .select('assignment_id', 'step_id', 'pupil_id', 'state', 'results.started_at', 'tries', {
        best: this.knex.raw('coalesce(results.own_given / results.own_maximum, results.best)'),
      });
    const assignments = await this.assignmentsOf(rows.map((row) => row.assignment_id));
    const shapes = await this.assignments.shapesOf([...assignments.values()]);
    const pupilsOf = await this.assignments.pupilsOfMany([...assignments.values()]);
    const found = rows.flatMap((row): StuckPupil[] => {
      const assignment = assignments.get(row.assignment_id) as AssignmentRow;
      const shape = shapes.get(assignment.path_id) as PathShape;
      const step = stepsForPupils(shape).find(({ id }) => id === row.step_id);
      const pupil = pupilsOf.get(assignment.id)?.find(({ id }) => id === row.pupil_id);
      const why = stuckOn({ state: row.state, startedAt: row.started_at, tries: row.tries, best: row.best }, this.config, now);
      if (step === undefined || pupil === undefined || why === null) return [];
      return [
        {
          assignmentId: assignment.id,
          stepId: step.id,
          pupil: { id: pupil.id, givenName: pupil.givenName, familyName: pupil.familyName },
          stepTitle: step.shownTitle,
          language: step.title === null ? step.language : shape.row.language,
          className: classes.get(assignment.class_id)?.name ?? '',
          why,
          tries: row.tries,
        },
      ];
    });
    return { pupils: found.slice(0, mostShown), more: Math.max(0, found.length - mostShown) };
  }

  /** Steps that pupils finished in the last days, by assignment; the latest first. */
  async arrived(): Promise<Arrived[]> {
    const classes = await this.classes();
    const since = new Date(this.clock.now().getTime() - recentDays * dayInMs);
    const rows: (Omit<Arrived, 'className' | 'latest'> & { classId: string; latest: Date })[] = await this.running(
      'results',
      classes,
    )
      .join('paths', 'paths.id', 'assignments.path_id')
      .where('results.done_at', '>=', since)
      .groupBy('assignments.id', 'assignments.class_id', 'paths.title', 'paths.language')
      .orderByRaw('max(results.done_at) desc, assignments.id')
      .limit(mostShown)
      .select({
        assignmentId: 'assignments.id',
        classId: 'assignments.class_id',
        title: 'paths.title',
        language: 'paths.language',
      })
      .select(
        this.knex.raw(
          `count(*)::int as steps, count(distinct results.pupil_id)::int as pupils, max(results.done_at) as latest,
           (count(*) filter (where coalesce(results.own_given, results.score_given)
             < coalesce(results.own_maximum, results.score_maximum) * ?::float8))::int as low`,
          [this.config.goodEnough],
        ),
      );
    return rows.map(({ classId, latest, ...row }) => ({
      ...row,
      className: classes.get(classId)?.name ?? '',
      latest: latest.toISOString(),
    }));
  }

  /** Running assignments that are due within a week, the first due first. */
  async ending(): Promise<Ending[]> {
    const classes = await this.classes();
    const { tenants } = this.principal;
    const today = await this.calendar.today(tenants === '*' ? undefined : tenants[0]);
    const until = new Date(Date.parse(today) + aheadDays * dayInMs).toISOString().slice(0, 10);
    const rows: AssignmentRow[] = await this.assignments
      .rows()
      .whereNull('ended_at')
      .whereIn('class_id', [...classes.keys()])
      .whereRaw('due_on between ?::date and ?::date', [today, until])
      .orderByRaw('due_on, created_at, id')
      .limit(mostShown);
    const followed = await this.progress.followed(rows, classes);
    return followed.map(({ id, path, class: { name }, dueOn, counts: { pupils, complete, notStarted } }) => ({
      assignmentId: id,
      title: path.title,
      language: path.language,
      className: name,
      dueOn: dueOn as string,
      pupils,
      complete,
      notStarted,
    }));
  }

  private async classes(): Promise<Map<string, ClassSummary>> {
    const { id } = this.principal;
    const taught = id === null ? [] : await this.directory.classes.ofPerson(id, 'teacher');
    return new Map(taught.map((each) => [each.id, each]));
  }

  /** Rows of this table in running assignments to these classes. */
  private running(table: 'results', classes: ReadonlyMap<string, ClassSummary>): Knex.QueryBuilder {
    return this.knex(table)
      .join('assignments', 'assignments.id', `${table}.assignment_id`)
      .whereNull('assignments.ended_at')
      .whereIn('assignments.class_id', [...classes.keys()]);
  }

  private async assignmentsOf(ids: readonly string[]): Promise<Map<string, AssignmentRow>> {
    const rows: AssignmentRow[] = await this.assignments.rows().whereIn('id', [...new Set(ids)]);
    return new Map(rows.map((row) => [row.id, row]));
  }
}
