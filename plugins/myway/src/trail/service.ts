import { notFound, type Problem } from '@ilearn/core';
import type { ClassSummary } from '@ilearn/plugin-directory';
import type { FollowedRow } from '../assignments/model.js';
import type { Assignments } from '../assignments/service.js';
import type { Dependencies } from '../dependencies.js';
import { groupBy } from '../group-by.js';
import { mostTrails } from '../paths/limits.js';
import type { StepDetail } from '../paths/model.js';
import type { PathService } from '../paths/service.js';
import type { PathShape } from '../paths/shapes.js';
import type { StepContent } from '../paths/structure.js';
import { conflicting } from '../problems.js';
import { titleContains } from '../title-words.js';
import { asked } from './asked.js';
import { buildTrail, forPupil } from './build-trail.js';
import type { BranchChoices, Choices } from './choices.js';
import { type ExtraStep, type ExtraSteps, withExtraSteps } from './extra-steps.js';
import type { Imagined, Opened, Preview, Trail, TrailStep } from './model.js';
import type { StepState } from './path-to-walk.js';
import type { Placement, Result } from './result.js';
import type { ResultRows } from './result-rows.js';
import type { Results } from './results.js';
import { type StepLaunches, unavailable } from './step-launches.js';
import { otherActivities, variantOf } from './variants.js';

/** A step that the pupil may work on. */
export interface StepAtWork {
  row: FollowedRow;
  shape: PathShape;
  step: TrailStep;
  detail: StepDetail;
  placement: Placement;
}

/** The signed-in pupil's paths. Paths of others return 404. */
export class Trails {
  private readonly principal;
  private readonly directory;
  private readonly library;
  private readonly assignments;
  private readonly pathService;
  private readonly results;
  private readonly resultRows;
  private readonly choices;
  private readonly extraSteps;
  private readonly stepLaunches;
  private readonly config;

  constructor({
    principal,
    directory,
    library,
    assignments,
    pathService,
    results,
    resultRows,
    choices,
    extraSteps,
    stepLaunches,
    config,
  }: Dependencies & {
    assignments: Assignments;
    pathService: PathService;
    results: Results;
    resultRows: ResultRows;
    choices: BranchChoices;
    extraSteps: ExtraSteps;
    stepLaunches: StepLaunches;
  }) {
    this.principal = principal;
    this.directory = directory;
    this.library = library;
    this.assignments = assignments;
    this.pathService = pathService;
    this.results = results;
    this.resultRows = resultRows;
    this.choices = choices;
    this.extraSteps = extraSteps;
    this.stepLaunches = stepLaunches;
    this.config = config;
  }

  /** A page of the pupil's paths: by due date, then newest first. */
  async mine(offset: number): Promise<Trail[]> {
    const classes = await this.classes();
    const rows = await this.rowsFor(classes)
      .orderByRaw('due_on nulls last, created_at desc, id')
      .limit(mostTrails)
      .offset(offset);
    const shapes = await this.assignments.shapesOf(rows);
    const own = await this.ownResults(rows);
    const others = await otherActivities(this.library.activities, own);
    const results = groupBy(own, (result) => result.assignmentId);
    const extra = await this.ownExtraSteps(rows);
    const choicesOf = await this.ownChoices(rows, shapes);
    return rows.map((row) => {
      const ofRow = results.get(row.id) ?? [];
      const shape = withExtraSteps(shapes.get(row.path_id) as PathShape, extra.get(row.id) ?? []);
      return this.trail(row, variantOf(shape, ofRow, others), ofRow, classes, choicesOf(row.id));
    });
  }

  /** The pupil's paths whose title contains these words, newest first. `id` is that of the assignment. */
  async titled(text: string, limit: number): Promise<{ id: string; title: string; className: string | null }[]> {
    const classes = await this.classes();
    const rows: { id: string; class_id: string; title: string }[] = await titleContains(
      this.rowsFor(classes).clearSelect().join('paths', 'paths.id', 'assignments.path_id'),
      'paths.title',
      text,
    )
      .select('assignments.id', 'assignments.class_id', 'paths.title')
      .orderByRaw('assignments.created_at desc, assignments.id')
      .limit(limit);
    return rows.map(({ id, title, class_id }) => ({ id, title, className: classes.get(class_id)?.name ?? null }));
  }

  async one(assignmentId: string): Promise<Trail> {
    const classes = await this.classes();
    const row = await this.rowsFor(classes).where({ id: assignmentId }).first();
    if (!row) throw notFound();
    const shapes = await this.assignments.shapesOf([row]);
    const { shape, results, choices } = await this.ownVariant(row, shapes);
    return this.trail(row, shape, results, classes, choices);
  }

  /**
   * Opens a step for the pupil and records that it was started.
   *
   * @param language the pupil's language, in which a text is shown if possible
   */
  async open(assignmentId: string, stepId: string, language?: string): Promise<Opened> {
    const found = await this.atWork(assignmentId, stepId);
    const { detail, placement } = found;
    if (detail.content !== null) {
      await this.results.started(placement);
      return openedContent(detail.content);
    }
    const content = await this.library.activities.contentOf(detail.activityId as string, language);
    if (content === null) throw unavailable();
    if (content.kind !== 'lti') await this.stepLaunches.enter(detail.activityId as string, found.row.school_id);
    await this.results.started(placement);
    if (content.kind === 'text')
      return { kind: 'text', markdown: content.markdown ?? '', language: content.language ?? detail.language };
    if (content.kind === 'link' && content.url !== undefined) return { kind: 'link', url: content.url };
    if (content.kind === 'lti' && content.lti !== undefined) {
      const { row, shape, step } = found;
      return { kind: 'lti', url: await this.stepLaunches.ofPupil(row, shape.row.title, step, content.lti) };
    }
    throw unavailable();
  }

  /** Completes a step for the pupil, unless a tool scores it, the portal marks it, or the teacher answers it. */
  async done(assignmentId: string, stepId: string): Promise<Trail> {
    const { row, detail, placement } = await this.atWork(assignmentId, stepId);
    if (detail.kind === 'lti') throw conflicting('step-scored', 'The tool itself reports when this step is done.');
    // Nobody else ticks off a moment of a colleague who follows a path alone.
    const own = detail.content?.kind === 'moment' && row.learner_id !== null;
    if (detail.content !== null && !own) throw conflicting('step-not-ticked', 'This step is not ticked off by the pupil.');
    await this.results.done(placement, 'pupil');
    return this.one(assignmentId);
  }

  /** A path as an imagined pupil sees it, for anyone who may read the path; by default at the start. */
  async preview(pathId: string, { results, choices }: Imagined = { results: '', choices: '' }): Promise<Preview> {
    const shape = await this.pathService.shape(pathId);
    return {
      title: shape.row.title,
      description: shape.row.description,
      language: shape.row.language,
      sequence: shape.row.sequence,
      area: shape.area,
      ...forPupil(
        buildTrail(
          shape,
          pairsOf(results).map(([stepId, state, share]) => ({
            stepId,
            state: state as StepState,
            scoreGiven: share === undefined ? null : Number(share) * 10,
            scoreMaximum: share === undefined ? null : 10,
            best: share === undefined ? null : Number(share),
            tries: share === undefined ? 0 : 1,
            marking: null,
            comment: null,
          })),
          this.config,
          new Map(pairsOf(choices).map(([block, arm]) => [block, arm])),
        ),
      ),
    };
  }

  /** @throws 404 if the step is not the pupil's, 409 if it is locked or unavailable */
  async atWork(assignmentId: string, stepId: string): Promise<StepAtWork> {
    const row = await this.rowsFor(await this.classes())
      .where({ id: assignmentId })
      .first();
    const shapes = row && (await this.assignments.shapesOf([row]));
    if (!row || !shapes?.has(row.path_id) || this.principal.id === null) throw notFound();
    const { shape, results, choices } = await this.ownVariant(row, shapes);
    const { steps } = forPupil(buildTrail(shape, results, this.config, choices));
    const step = steps.find((each) => each.id === stepId);
    const detail = shape.steps.find((each) => each.id === stepId);
    if (!step || !detail) throw notFound();
    if (step.lock?.reason === 'unavailable') throw unavailable();
    if (step.lock !== null) throw locked(step.lock);
    return {
      row,
      shape,
      step,
      detail,
      placement: { assignmentId: row.id, stepId, pupilId: this.principal.id, school: row.school_id },
    };
  }

  private async classes(): Promise<Map<string, ClassSummary>> {
    const found = this.principal.id === null ? [] : await this.directory.classes.ofPerson(this.principal.id, 'pupil');
    return new Map(found.map((each) => [each.id, each]));
  }

  /** Running assignments in the pupil's classes, to the whole class or to this pupil; and those of a colleague's own. */
  private rowsFor(classes: ReadonlyMap<string, ClassSummary>) {
    return this.assignments
      .allRows()
      .whereNull('ended_at')
      .whereRaw('(begins_at is null or begins_at <= now())')
      .where((any) =>
        any
          .where('learner_id', this.principal.id)
          .orWhere((ofClass) =>
            ofClass
              .whereIn('class_id', [...classes.keys()])
              .where((either) =>
                either
                  .where('whole_class', true)
                  .orWhereExists((chosen) =>
                    chosen
                      .from('assignment_pupils as p')
                      .whereRaw('p.assignment_id = assignments.id')
                      .where('p.pupil_id', this.principal.id),
                  ),
              ),
          ),
      );
  }

  private trail(
    row: FollowedRow,
    shape: PathShape,
    results: readonly Result[],
    classes: ReadonlyMap<string, ClassSummary>,
    choices: Choices,
  ): Trail {
    return {
      assignmentId: row.id,
      title: shape.row.title,
      description: shape.row.description,
      language: shape.row.language,
      className: classes.get(row.class_id ?? '')?.name ?? '',
      dueOn: row.due_on,
      sequence: shape.row.sequence,
      area: shape.area,
      ...forPupil(buildTrail(shape, results, this.config, choices)),
    };
  }

  /** The path as the principal has it, with their results and the ways that teachers chose. */
  private async ownVariant(row: FollowedRow, shapes: ReadonlyMap<string, PathShape>) {
    const results = await this.ownResults([row]);
    const others = await otherActivities(this.library.activities, results);
    const extra = (await this.ownExtraSteps([row])).get(row.id) ?? [];
    const shape = variantOf(withExtraSteps(shapes.get(row.path_id) as PathShape, extra), results, others);
    return { shape, results, choices: (await this.ownChoices([row], shapes))(row.id) };
  }

  private async ownExtraSteps(rows: readonly FollowedRow[]): Promise<Map<string, ExtraStep[]>> {
    const { id } = this.principal;
    return id === null || rows.length === 0
      ? new Map()
      : this.extraSteps.of(
          rows.map((row) => row.id),
          id,
        );
  }

  /** The ways that teachers chose for the principal, by id of the assignment. */
  private async ownChoices(
    rows: readonly FollowedRow[],
    shapes: ReadonlyMap<string, PathShape>,
  ): Promise<(assignmentId: string) => Choices> {
    const choicesOf = await this.choices.of(rows, shapes, this.principal.id ?? undefined);
    return (assignmentId) => choicesOf(assignmentId, this.principal.id ?? '');
  }

  private ownResults(rows: readonly FollowedRow[]): Promise<Result[]> {
    return this.principal.id === null
      ? Promise.resolve([])
      : this.resultRows.of(
          rows.map((row) => row.id),
          this.principal.id,
        );
  }
}

/** The items of `a:b,c:d:e`. */
const pairsOf = (text: string): [string, string, string?][] =>
  text
    .split(',')
    .filter((each) => each !== '')
    .map((each) => each.split(':') as [string, string, string?]);

/** What a pupil gets of a step with content of its own: the questions of a quiz without their answers. */
function openedContent(content: StepContent): Opened {
  switch (content.kind) {
    case 'task':
      return { kind: 'task', text: content.text, maximum: content.maximum };
    case 'moment':
      return { kind: 'moment', text: content.text };
    case 'quiz':
      return { kind: 'quiz', questions: asked(content.questions) };
  }
}

function locked(lock: NonNullable<TrailStep['lock']>): Problem {
  if ('stepId' in lock) {
    const detail =
      lock.reason === 'score' || lock.reason === 'marking'
        ? `It depends on the score of "${lock.title}".`
        : `First do "${lock.title}".`;
    return conflicting('step-locked', detail, { stepId: lock.stepId });
  }
  if (lock.reason === 'choice')
    return conflicting('step-locked', `First do ${lock.left} more of the steps before it, of which you choose.`);
  return conflicting('step-locked', 'The teacher chooses first how the pupil goes on.');
}
