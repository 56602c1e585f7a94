import { createHash } from 'node:crypto';
import { notFound, Problem } from '@ilearn/core';
import type { ActivityContent } from '@ilearn/plugin-library';
import type { LaunchContext } from '@ilearn/plugin-lti';
import type { FollowedRow } from '../assignments/model.js';
import type { Assignments } from '../assignments/service.js';
import type { Dependencies } from '../dependencies.js';
import type { PathService } from '../paths/service.js';
import { conflicting } from '../problems.js';
import { startOf } from './address.js';
import { resourceLinkOf } from './results.js';

type Lti = NonNullable<ActivityContent['lti']>;

/** A step of an assignment that an external tool gives. */
export interface ToolStep {
  stepId: string;
  title: string;
  provider: string;
}

export const unavailable = () =>
  conflicting('step-unavailable', 'This activity is not available now. The teacher can replace it.');

/** Pupils read what they may do now, teachers whom to ask. */
const unlicensed = (role: 'Learner' | 'Instructor') =>
  conflicting(
    role === 'Learner' ? 'step-not-licensed' : 'tool-not-licensed',
    'The school has no licence for this tool now, or no seat is left.',
  );

const isOfLicence = (error: unknown): boolean => error instanceof Problem && error.type.startsWith('licences/');

/** Launches of steps: by pupils, by the teachers who follow them, and by the maker of a path. */
export class StepLaunches {
  private readonly knex;
  private readonly principal;
  private readonly library;
  private readonly lti;
  private readonly licences;
  private readonly assignments;
  private readonly pathService;

  constructor({
    knex,
    principal,
    library,
    lti,
    licences,
    assignments,
    pathService,
  }: Dependencies & { assignments: Assignments; pathService: PathService }) {
    this.knex = knex;
    this.principal = principal;
    this.library = library;
    this.lti = lti;
    this.licences = licences;
    this.assignments = assignments;
    this.pathService = pathService;
  }

  /** @returns the address to open @throws 409 if the tool was removed or switched off */
  async ofPupil(row: FollowedRow, pathTitle: string, step: { id: string; title: string }, lti: Lti): Promise<string> {
    return this.start(row, pathTitle, step, lti, { role: 'Learner', returnPath: `${startOf(row)}?terug=${step.id}` });
  }

  /**
   * Asks for the licence of the tool to which a text or website belongs, as a launch does for an exercise, for a pupil who opens it.
   *
   * @throws 409 without a licence, or without a seat for the pupil
   */
  async enter(activityId: string, school: string): Promise<void> {
    if (this.licences === undefined || this.principal.id === null) return;
    const tool = await this.library.activities.toolOf(activityId);
    if (tool === null) return;
    try {
      await this.licences.decisions.enter({ tool, school, person: this.principal.id, role: 'Learner' });
    } catch (error) {
      throw isOfLicence(error) ? unlicensed('Learner') : error;
    }
  }

  /** The steps of an assignment that tools give, for its teachers. @throws 404 unless the person follows the assignment */
  async toolsOf(assignmentId: string): Promise<ToolStep[]> {
    const shape = await this.assignments.shapeOf(await this.assignments.followed(assignmentId));
    return shape.steps
      .filter(({ kind, available }) => kind === 'lti' && available)
      .map(({ id, shownTitle, provider }) => ({ stepId: id, title: shownTitle, provider }));
  }

  /**
   * Opens the tool's own view of the class, at a step: the same context and resource link as the pupils', as Instructor.
   *
   * @throws 404 unless the person follows the assignment, 409 if the step is not an exercise of a tool that can be opened now
   */
  async ofTeacher(assignmentId: string, stepId: string): Promise<string> {
    const row = await this.assignments.followed(assignmentId);
    const shape = await this.assignments.shapeOf(row);
    const step = shape.steps.find(({ id }) => id === stepId);
    if (step === undefined) throw notFound();
    const content = step.activityId === null ? null : await this.library.activities.contentOf(step.activityId);
    if (content?.kind !== 'lti' || content.lti === undefined) throw unavailable();
    const named = { id: step.id, title: step.shownTitle };
    return this.start({ ...row, learner_id: null }, shape.row.title, named, content.lti, {
      role: 'Instructor',
      returnPath: `/opvolging/${row.id}`,
    });
  }

  /**
   * Opens an activity of a path as its maker: the path itself is the context, without members or scores.
   *
   * @throws 404 if the path or activity is not there, 409 if it is not an exercise of a tool that can be opened now
   */
  async ofMaker(pathId: string, activityId: string): Promise<string> {
    const { row } = await this.pathService.shape(pathId);
    const activity = await this.library.activities.get(activityId);
    const content = await this.library.activities.contentOf(activityId);
    const school = row.school_id ?? this.ownSchool();
    if (!activity || !content || this.principal.id === null || school === undefined) throw notFound();
    if (content.lti === undefined || !activity.available) throw unavailable();
    const { registration, targetLinkUri, custom, presentation } = content.lti;
    return this.launch({
      registration,
      targetLinkUri,
      custom,
      presentation,
      resourceLinkId: hidden('step', school, pathId, activityId),
      title: activity.title,
      context: { id: hidden('path', school, pathId), title: row.title, kind: 'template' },
      school,
      personId: this.principal.id,
      role: 'Instructor',
      lineItem: null,
      returnPath: `/paden/${pathId}`,
    });
  }

  private async start(
    row: FollowedRow,
    pathTitle: string,
    step: { id: string; title: string },
    { registration, targetLinkUri, custom, scoreMaximum, presentation, lineItem }: Lti,
    who: { role: 'Learner' | 'Instructor'; returnPath: string },
  ): Promise<string> {
    if (this.principal.id === null) throw notFound();
    return this.launch({
      ...who,
      registration,
      targetLinkUri,
      custom,
      resourceLinkId: resourceLinkOf(row.id, step.id),
      title: step.title,
      context: await this.contextOf(row, pathTitle),
      school: row.school_id,
      personId: this.principal.id,
      presentation,
      lineItem: { ...lineItem, label: lineItem?.label ?? step.title, scoreMaximum },
    });
  }

  private async contextOf(row: FollowedRow, title: string): Promise<LaunchContext> {
    // A colleague who follows a path alone is in no class: the tool learns of no other members.
    if (row.class_id === null) return { id: row.id, title };
    const context = { id: row.id, title, classId: row.class_id };
    if (row.whole_class) return context;
    return { ...context, pupils: await this.knex('assignment_pupils').where({ assignment_id: row.id }).pluck('pupil_id') };
  }

  private ownSchool(): string | undefined {
    return this.principal.roles.flatMap(({ tenant }) => tenant ?? []).sort()[0];
  }

  private async launch(request: Parameters<Dependencies['lti']['launches']['start']>[0]): Promise<string> {
    try {
      return (await this.lti.launches.start(request)).url;
    } catch (error) {
      // The tool was removed or switched off, but the library still has the activity.
      if (error instanceof Problem && error.type === 'lti/tool-unavailable') throw unavailable();
      if (isOfLicence(error)) throw unlicensed(request.role);
      throw error;
    }
  }
}

/** An id for the tool that is the same each time, and from which it cannot learn others. Schools differ: a path may be of all schools. */
const hidden = (kind: string, ...ids: string[]): string =>
  `${kind}-${createHash('sha256').update(ids.join(' ')).digest('hex').slice(0, 32)}`;
