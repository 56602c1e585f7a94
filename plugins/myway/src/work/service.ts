import { notFound, type Upload } from '@ilearn/core';
import { workAnswered, workHandedIn } from '../assignments/notification-kinds.js';
import type { Assignments } from '../assignments/service.js';
import type { Dependencies } from '../dependencies.js';
import type { StepDetail } from '../paths/model.js';
import { stepsForPupils } from '../paths/shapes.js';
import { conflicting, unacceptable } from '../problems.js';
import { answerIdOf } from '../trail/attempt-id.js';
import { outcomesOf } from '../trail/build-trail.js';
import type { BranchChoices } from '../trail/choices.js';
import type { Milestones } from '../trail/milestones.js';
import type { Placement } from '../trail/result.js';
import type { ResultRows } from '../trail/result-rows.js';
import type { Results } from '../trail/results.js';
import { walk } from '../trail/rules.js';
import type { Trails } from '../trail/service.js';
import { mark } from './mark-quiz.js';
import type { Answer, BranchWay, Feedback, HandedIn, Marked, Work } from './model.js';

const pictures = /^image\//;

/** Tasks, quizzes and the teacher's choices at branches: for the signed-in pupil, and for the teachers of a class. */
export class StepWork {
  private readonly knex;
  private readonly files;
  private readonly principal;
  private readonly directory;
  private readonly notifications;
  private readonly jobs;
  private readonly trails;
  private readonly results;
  private readonly resultRows;
  private readonly assignments;
  private readonly choices;
  private readonly milestones;

  constructor({
    knex,
    files,
    principal,
    directory,
    notifications,
    jobs,
    trails,
    results,
    resultRows,
    assignments,
    choices,
    milestones,
  }: Dependencies & {
    trails: Trails;
    results: Results;
    resultRows: ResultRows;
    assignments: Assignments;
    choices: BranchChoices;
    milestones: Milestones;
  }) {
    this.knex = knex;
    this.files = files;
    this.principal = principal;
    this.directory = directory;
    this.notifications = notifications;
    this.jobs = jobs;
    this.trails = trails;
    this.results = results;
    this.resultRows = resultRows;
    this.assignments = assignments;
    this.choices = choices;
    this.milestones = milestones;
  }

  /**
   * Marks a pupil's answers to a quiz and records the score as an attempt.
   *
   * @param attempt id of the attempt: answers that a device sends again, because it did not get the response, are counted once
   */
  async answer(
    assignmentId: string,
    stepId: string,
    answers: readonly Answer[],
    attempt?: string,
  ): Promise<{ given: number; marked: Marked[] }> {
    const { detail, placement } = await this.trails.atWork(assignmentId, stepId);
    if (detail.content?.kind !== 'quiz') throw notFound();
    const { questions } = detail.content;
    if (answers.length !== questions.length) {
      throw unacceptable('answers-missing', '/answers', `The quiz has ${questions.length} questions. Send as many answers.`);
    }
    const marked = mark(questions, answers);
    const id = attempt === undefined ? undefined : answerIdOf(placement, attempt, JSON.stringify(answers));
    const given = marked.filter(({ right }) => right).length;
    await this.results.graded(placement, 'pupil', { given, maximum: questions.length }, null, id);
    return { given, marked };
  }

  /** Hands in work for a task, in the place of what the pupil handed in before. */
  async handIn(assignmentId: string, stepId: string, text: string, uploads: readonly Upload[]): Promise<Work> {
    const { detail, placement } = await this.trails.atWork(assignmentId, stepId);
    if (detail.content?.kind !== 'task') throw notFound();
    if (text.trim() === '' && uploads.length === 0) {
      throw unacceptable('nothing-handed-in', '/text', 'Write something, or add a file.');
    }
    const key = keyOf(placement);
    await this.knex('work').whereIn('id', this.knex('handed_in_files').where(key).select('file_id')).delete();
    await this.knex('handed_in')
      .insert({ ...key, school_id: placement.school, text, handed_in_at: this.knex.fn.now(), updated_at: this.knex.fn.now() })
      .onConflict(['assignment_id', 'step_id', 'pupil_id'])
      .merge();
    for (const upload of uploads) {
      const owners = { tenant: placement.school, people: { pupil_id: placement.pupilId } };
      const { id } = await this.files.keep('work', upload, owners);
      await this.knex('handed_in_files').insert({ ...key, school_id: placement.school, file_id: id });
    }
    await this.results.handedIn(placement);
    // A pupil does not see who teaches the class: the portal itself tells them.
    if (this.notifications !== undefined) await this.jobs.enqueue('tell-handed-in', { assignmentId: placement.assignmentId });
    return this.workAt(placement);
  }

  /** Tells the teachers of an assignment that work was handed in. Requires the system principal. */
  async tellHandedIn(assignmentId: string): Promise<void> {
    const row = await this.knex('assignments')
      .join('paths', 'paths.id', 'assignments.path_id')
      .where({ 'assignments.id': assignmentId })
      .whereNotNull('assignments.class_id')
      .first('assignments.class_id', 'paths.title');
    // A colleague's own path has no teacher.
    if (row === undefined) return;
    await this.notifications?.notify.send({
      kind: workHandedIn,
      to: (await this.directory.classes.teachersOf(row.class_id)).map(({ id }) => id),
      place: `/opvolging/${assignmentId}`,
      params: { title: row.title },
    });
  }

  /** What the signed-in pupil handed in. */
  async own(assignmentId: string, stepId: string): Promise<Work> {
    return this.workAt((await this.trails.atWork(assignmentId, stepId)).placement);
  }

  /** What a pupil of the teacher's class handed in. */
  async ofPupil(assignmentId: string, pupilId: string, stepId: string): Promise<Work> {
    return this.workAt((await this.followed(assignmentId, pupilId, stepId)).placement);
  }

  /** The teacher's answer to what a pupil handed in. */
  async feedback(assignmentId: string, pupilId: string, stepId: string, { comment, score, again }: Feedback): Promise<Work> {
    const { detail, placement } = await this.followed(assignmentId, pupilId, stepId);
    if (detail.content?.kind !== 'task') throw notFound();
    const handedIn = await this.knex('handed_in').where(keyOf(placement)).first('text');
    if (handedIn === undefined) throw conflicting('not-handed-in', 'The pupil has not handed in anything yet.');
    const { maximum } = detail.content;
    if (score !== null && (maximum === null || score > maximum)) {
      throw unacceptable('score-too-high', '/score', maximum === null ? 'This task has no score.' : `At most ${maximum}.`);
    }
    const graded = score === null || maximum === null ? null : { given: score, maximum };
    const words = comment.trim() || null;
    await this.results.graded(placement, 'teacher', graded, words);
    if (again) await this.results.sentBack(placement, words);
    await this.notifications?.notify.send({
      kind: workAnswered,
      to: [pupilId],
      place: `/mijn-paden/${placement.assignmentId}/stap/${stepId}`,
      params: { title: detail.shownTitle },
    });
    return this.workAt(placement);
  }

  /**
   * Checks that the principal may read a file that was handed in: the pupil, or a teacher who follows the assignment.
   *
   * @throws 404 otherwise
   */
  async checkFile(fileId: string): Promise<void> {
    const row = await this.knex('handed_in_files').where({ file_id: fileId }).first('assignment_id', 'pupil_id');
    if (row === undefined) throw notFound();
    if (row.pupil_id === this.principal.id) return;
    await this.assignments.followed(row.assignment_id);
  }

  /** The branches of a path, and the way that a pupil follows at each. */
  async ways(assignmentId: string, pupilId: string): Promise<BranchWay[]> {
    const { shape, choices, placement } = await this.pupilIn(assignmentId, pupilId);
    const { sequence, blocks } = shape.row;
    const results = await this.resultRows.of([placement.assignmentId], pupilId);
    const { blocks: states } = walk({ steps: stepsForPupils(shape), sequence, blocks }, outcomesOf(results), choices);
    return blocks.flatMap((block): BranchWay[] => {
      const state = states.find(({ id }) => id === block.id);
      if (block.kind !== 'branch' || state?.kind !== 'branch') return [];
      const taken = state.decision.kind === 'arm' ? state.decision.armId : null;
      const arms = block.arms.map(({ id, title }) => ({ id, title }));
      return [{ block: block.id, title: block.title, arms, taken, chosen: choices.has(block.id) }];
    });
  }

  /** Chooses the way of a pupil at a branch; null: the branch decides. */
  async choose(assignmentId: string, pupilId: string, blockId: string, arm: string | null): Promise<BranchWay[]> {
    const { shape, placement } = await this.pupilIn(assignmentId, pupilId);
    const block = shape.row.blocks.find(({ id }) => id === blockId);
    if (block?.kind !== 'branch') throw notFound();
    if (arm !== null && !block.arms.some(({ id }) => id === arm)) {
      throw unacceptable('way-unknown', '/arm', 'The branch has no such way.');
    }
    await this.milestones.around(placement, () => this.choices.set(placement, blockId, arm));
    return this.ways(assignmentId, pupilId);
  }

  private async pupilIn(assignmentId: string, pupilId: string) {
    const row = await this.assignments.followed(assignmentId);
    const pupils = await this.assignments.pupilsOf(row);
    if (!pupils.some(({ id }) => id === pupilId)) throw notFound();
    const shape = await this.assignments.shapeOf(row);
    const choicesOf = await this.choices.of([row], new Map([[row.path_id, shape]]), pupilId);
    return { shape, choices: choicesOf(row.id, pupilId), placement: { assignmentId: row.id, pupilId, school: row.school_id } };
  }

  private async followed(
    assignmentId: string,
    pupilId: string,
    stepId: string,
  ): Promise<{ detail: StepDetail; placement: Placement }> {
    const { shape, placement } = await this.pupilIn(assignmentId, pupilId);
    const detail = stepsForPupils(shape).find(({ id }) => id === stepId);
    if (detail === undefined) throw notFound();
    return { detail, placement: { ...placement, stepId } };
  }

  private async workAt(at: Placement): Promise<Work> {
    const result = (await this.resultRows.of([at.assignmentId], at.pupilId)).find(({ stepId }) => stepId === at.stepId);
    const handedIn = await this.handedInAt(at);
    const { scoreGiven = null, scoreMaximum = null } = result ?? {};
    const answered = handedIn !== null && result !== undefined && result.marking === null;
    return {
      handedIn,
      answered,
      comment: result?.comment ?? null,
      score: scoreGiven === null || scoreMaximum === null ? null : { given: scoreGiven, maximum: scoreMaximum },
      again: answered && result.state !== 'done',
    };
  }

  private async handedInAt(at: Placement): Promise<HandedIn | null> {
    const row = await this.knex('handed_in').where(keyOf(at)).first('text', 'handed_in_at');
    if (row === undefined) return null;
    const files: Omit<HandedIn['files'][number], 'picture'>[] = await this.knex('work')
      .whereIn('id', this.knex('handed_in_files').where(keyOf(at)).select('file_id'))
      .orderBy(['created_at', 'id'])
      .select('id', 'name', 'type', this.knex.raw('bytes::int as bytes'));
    return {
      text: row.text,
      files: files.map((file) => ({ ...file, picture: pictures.test(file.type) })),
      handedInAt: row.handed_in_at.toISOString(),
    };
  }
}

const keyOf = ({ assignmentId, stepId, pupilId }: Placement) => ({
  assignment_id: assignmentId,
  step_id: stepId,
  pupil_id: pupilId,
});
