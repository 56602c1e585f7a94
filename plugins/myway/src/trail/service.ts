import { notFound, Problem } from '@ilearn/core';
import type { ClassSummary } from '@ilearn/plugin-directory';
import type { ActivityContent } from '@ilearn/plugin-library';
import type { AssignmentRow } from '../assignments/model.js';
import type { Assignments } from '../assignments/service.js';
import type { Dependencies } from '../dependencies.js';
import { groupBy } from '../group-by.js';
import { mostTrails } from '../paths/limits.js';
import type { PathService } from '../paths/service.js';
import type { PathShape } from '../paths/shapes.js';
import { conflicting } from '../problems.js';
import { titleContains } from '../title-words.js';
import { buildTrail } from './build-trail.js';
import { type ExtraStep, type ExtraSteps, withExtraSteps } from './extra-steps.js';
import type { Opened, Preview, Trail, TrailStep } from './model.js';
import type { Placement, Result } from './result.js';
import { type Results, resourceLinkOf } from './results.js';
import { otherActivities, variantOf } from './variants.js';

interface OpenStep {
  row: AssignmentRow;
  shape: PathShape;
  step: TrailStep;
  content: ActivityContent;
  /** Language of the activity. */
  language: string | null;
  placement: Placement;
}

/** The signed-in pupil's paths. Paths of others return 404. */
export class Trails {
  private readonly principal;
  private readonly directory;
  private readonly library;
  private readonly lti;
  private readonly assignments;
  private readonly pathService;
  private readonly results;
  private readonly extraSteps;
  private readonly config;

  constructor({
    principal,
    directory,
    library,
    lti,
    assignments,
    pathService,
    results,
    extraSteps,
    config,
  }: Dependencies & { assignments: Assignments; pathService: PathService; results: Results; extraSteps: ExtraSteps }) {
    this.principal = principal;
    this.directory = directory;
    this.library = library;
    this.lti = lti;
    this.assignments = assignments;
    this.pathService = pathService;
    this.results = results;
    this.extraSteps = extraSteps;
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
    return rows.map((row) => {
      const ofRow = results.get(row.id) ?? [];
      const shape = withExtraSteps(shapes.get(row.path_id) as PathShape, extra.get(row.id) ?? []);
      return this.trail(row, variantOf(shape, ofRow, others), ofRow, classes);
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
    const results = await this.ownResults([row]);
    const others = await otherActivities(this.library.activities, results);
    const extra = (await this.ownExtraSteps([row])).get(row.id) ?? [];
    const shape = withExtraSteps(shapes.get(row.path_id) as PathShape, extra);
    return this.trail(row, variantOf(shape, results, others), results, classes);
  }

  /**
   * Opens a step for the pupil and records that it was started.
   *
   * @param language the pupil's language, in which a text is shown if possible
   */
  async open(assignmentId: string, stepId: string, language?: string): Promise<Opened> {
    const found = await this.openStep(assignmentId, stepId, language);
    await this.results.started(found.placement);
    const { content } = found;
    if (content.kind === 'text')
      return { kind: 'text', markdown: content.markdown ?? '', language: content.language ?? found.language };
    if (content.kind === 'link' && content.url !== undefined) return { kind: 'link', url: content.url };
    if (content.kind === 'lti' && content.lti !== undefined) return { kind: 'lti', url: await this.launch(found, content.lti) };
    throw unavailable();
  }

  /** Completes a step for the pupil, unless a tool scores it. */
  async done(assignmentId: string, stepId: string): Promise<Trail> {
    const { content, placement } = await this.openStep(assignmentId, stepId);
    if (content.kind === 'lti') throw conflicting('step-scored', 'The tool itself reports when this step is done.');
    await this.results.done(placement, 'pupil');
    return this.one(assignmentId);
  }

  /** A path as a pupil sees it at the start, for anyone who may read the path. */
  async preview(pathId: string): Promise<Preview> {
    const shape = await this.pathService.shape(pathId);
    return {
      title: shape.row.title,
      description: shape.row.description,
      language: shape.row.language,
      sequence: shape.row.sequence,
      area: shape.area,
      ...buildTrail(shape, [], this.config),
    };
  }

  /** @throws 404 if the step is not the pupil's, 409 if it is locked or unavailable */
  private async openStep(assignmentId: string, stepId: string, language?: string): Promise<OpenStep> {
    const row = await this.rowsFor(await this.classes())
      .where({ id: assignmentId })
      .first();
    const given = row && (await this.assignments.shapesOf([row])).get(row.path_id);
    if (!row || !given || this.principal.id === null) throw notFound();
    const results = await this.ownResults([row]);
    const extra = (await this.ownExtraSteps([row])).get(row.id) ?? [];
    const others = await otherActivities(this.library.activities, results);
    const shape = variantOf(withExtraSteps(given, extra), results, others);
    const { steps } = buildTrail(shape, results, this.config);
    const step = steps.find((each) => each.id === stepId);
    const activity = shape.steps.find((each) => each.id === stepId);
    if (!step || !activity) throw notFound();
    if (step.lock?.reason === 'previous') {
      throw conflicting('step-locked', `First do "${step.lock.title}".`, { stepId: step.lock.stepId });
    }
    const content = step.lock === null ? await this.library.activities.contentOf(activity.activityId, language) : null;
    if (content === null) throw unavailable();
    const placement = { assignmentId: row.id, stepId, pupilId: this.principal.id, school: row.school_id };
    return { row, shape, step, content, language: activity.language, placement };
  }

  private async launch({ row, shape, step, placement }: OpenStep, lti: NonNullable<ActivityContent['lti']>): Promise<string> {
    try {
      const { url } = await this.lti.launches.start({
        registration: lti.registration,
        targetLinkUri: lti.targetLinkUri,
        resourceLinkId: resourceLinkOf(row.id, step.id),
        title: step.title,
        context: { id: row.id, title: shape.row.title },
        school: row.school_id,
        personId: placement.pupilId,
        role: 'Learner',
        custom: lti.custom,
        lineItem: { label: step.title, scoreMaximum: lti.scoreMaximum },
        returnPath: `/mijn-paden/${row.id}?terug=${step.id}`,
      });
      return url;
    } catch (error) {
      // The tool was removed or switched off, but the library still has the activity.
      if (error instanceof Problem && error.type === 'lti/tool-unavailable') throw unavailable();
      throw error;
    }
  }

  private async classes(): Promise<Map<string, ClassSummary>> {
    const found = this.principal.id === null ? [] : await this.directory.classes.ofPerson(this.principal.id);
    return new Map(found.map((each) => [each.id, each]));
  }

  /** Running assignments in the pupil's classes, to the whole class or to this pupil. */
  private rowsFor(classes: ReadonlyMap<string, ClassSummary>) {
    return this.assignments
      .rows()
      .whereNull('ended_at')
      .whereRaw('(begins_at is null or begins_at <= now())')
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
      );
  }

  private trail(
    row: AssignmentRow,
    shape: PathShape,
    results: readonly Result[],
    classes: ReadonlyMap<string, ClassSummary>,
  ): Trail {
    return {
      assignmentId: row.id,
      title: shape.row.title,
      description: shape.row.description,
      language: shape.row.language,
      className: classes.get(row.class_id)?.name ?? '',
      dueOn: row.due_on,
      sequence: shape.row.sequence,
      area: shape.area,
      ...buildTrail(shape, results, this.config),
    };
  }

  private async ownExtraSteps(rows: readonly AssignmentRow[]): Promise<Map<string, ExtraStep[]>> {
    const { id } = this.principal;
    return id === null || rows.length === 0
      ? new Map()
      : this.extraSteps.of(
          rows.map((row) => row.id),
          id,
        );
  }

  private ownResults(rows: readonly AssignmentRow[]): Promise<Result[]> {
    return this.principal.id === null
      ? Promise.resolve([])
      : this.results.of(
          rows.map((row) => row.id),
          this.principal.id,
        );
  }
}

const unavailable = () => conflicting('step-unavailable', 'This activity is not available now. The teacher can replace it.');
