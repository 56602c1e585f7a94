import { setTimeout } from 'node:timers/promises';
import type { ScoreReceived } from '@ilearn/plugin-lti';
import fc from 'fast-check';
import type { World } from './world.js';

/** One event that a handler gets. */
export interface Published {
  payload: unknown;
  /** When it was published. */
  at: Date;
}

/** What the property test of event order needs to know of a handler. */
export interface HandlerCase<Subject = any, Operation = any> {
  /** Something fresh for the events to be about. */
  arrange(world: World): Promise<Subject>;
  /** What happens, in the order in which it happens; some of it publishes events. */
  history: fc.Arbitrary<Operation[]>;
  /** Lets one thing happen; returns the event that it published. `index` is its place in the history. */
  perform(world: World, subject: Subject, operation: Operation, index: number): Promise<Published | null>;
  /** All that the handler had a hand in, without what differs between two runs of the same history. */
  outcome(world: World, subject: Subject): Promise<unknown>;
}

/** By plugin and event. A plugin that listens to an event has its case here. */
export const handlerCases: Record<string, HandlerCase> = {
  'myway lti.score-received': scoreReceived(),
  'myway directory.group-removed': groupRemoved(),
};

type Operation =
  | { kind: 'score'; step: 0 | 1; given: number | null; finished: boolean; graded: boolean }
  | { kind: 'open' | 'tick' | 'reset' | 'remove-step'; step: 0 | 1 }
  | { kind: 'end' | 'leave' };

interface Subject {
  assignmentId: string;
  pathId: string;
  steps: [string, string];
  /** Moments between which the operations took place. */
  moments: Date[];
}

function scoreReceived(): HandlerCase<Subject, Operation> {
  const step = fc.constantFrom<0 | 1>(0, 1);
  const score = fc.record({
    kind: fc.constant('score' as const),
    step,
    given: fc.option(fc.integer({ min: 0, max: 10 }), { freq: 5 }),
    finished: fc.boolean(),
    graded: fc.boolean(),
  });
  const other = fc.oneof(
    fc.record({ kind: fc.constantFrom('open', 'tick', 'reset', 'remove-step'), step }),
    fc.record({ kind: fc.constantFrom('end' as const, 'leave' as const) }),
  );
  // A Date knows milliseconds only: operations are kept some of them apart.
  const mark = async (world: World, subject: Subject) => {
    await setTimeout(2);
    const [{ now }] = (await world.platform.work('myway', ({ knex }) => knex.raw('select clock_timestamp() as now'))).rows;
    subject.moments.push(now);
    await setTimeout(2);
  };
  return {
    history: fc.array(fc.oneof({ arbitrary: score, weight: 4 }, { arbitrary: other, weight: 1 }), { minLength: 2, maxLength: 9 }),

    async arrange(world) {
      const path = await world.path([await world.ltiActivity(), await world.ltiActivity()], { sequence: 'free' });
      const { id } = await world.assign(path.id);
      const subject: Subject = {
        assignmentId: id,
        pathId: path.id,
        steps: [path.steps[0].id, path.steps[1].id],
        moments: [],
      };
      await mark(world, subject);
      return subject;
    },

    async perform(world, subject, operation, index) {
      const { assignmentId } = subject;
      const pupilId = world.pupils[0].id;
      const at = 'step' in operation && {
        assignmentId,
        stepId: subject.steps[operation.step],
        pupilId,
        school: world.school,
      };
      const published = await world.platform.work('myway', async ({ results, knex }) => {
        switch (operation.kind) {
          case 'score': {
            const { rows } = await knex.raw('select clock_timestamp() as at, gen_random_uuid() as id');
            return { payload: scoreOf(at, operation, index, rows[0]), at: rows[0].at };
          }
          case 'open':
            return void (await results.started(at));
          case 'tick':
            return void (await results.done(at, 'teacher'));
          case 'reset':
            return void (await results.reset(at));
          case 'remove-step':
            return void (await knex('steps')
              .where({ id: at ? at.stepId : null })
              .update({ removed_at: knex.fn.now() }));
          case 'end':
            return void (await knex('assignments').where({ id: assignmentId }).update({ ended_at: knex.fn.now() }));
          case 'leave':
            return undefined;
        }
      });
      if (operation.kind === 'leave') await enrol(world, false);
      await mark(world, subject);
      return published ?? null;
    },

    async outcome(world, { assignmentId, steps, moments }) {
      await enrol(world, true);
      const [results, attempts] = await world.platform.work('myway', async ({ knex }) => [
        await knex('results').where({ assignment_id: assignmentId }),
        await knex('attempts').where({ assignment_id: assignmentId }).orderBy('scored_at'),
      ]);
      const when = (at: Date | null) => at && moments.findIndex((moment) => at <= moment);
      const { body } = await world.teacher.client.get(`/api/myway/assignments/${assignmentId}/progress`);
      const told = body.rows.map(({ cells, done, total, complete, stuck }: any) => ({
        cells: cells.map(({ stepId, lastActiveAt, ...cell }: any) => ({
          ...cell,
          step: steps.indexOf(stepId),
          active: lastActiveAt && when(new Date(lastActiveAt)),
        })),
        done,
        total,
        complete,
        stuck,
      }));
      return {
        told,
        results: results
          .map((row: any) => ({
            step: steps.indexOf(row.step_id),
            state: row.state,
            doneBy: row.done_by,
            given: row.score_given,
            maximum: row.score_maximum,
            comment: row.comment,
            marking: row.marking,
            scoredAt: row.scored_at,
            started: when(row.started_at),
            done: when(row.done_at),
            active: when(row.last_active_at),
            tries: row.tries,
            best: row.best,
          }))
          // A step that was reset and one that nobody began look alike.
          .filter(({ state }: any) => state !== 'todo')
          .sort((a: any, b: any) => a.step - b.step),
        attempts: attempts.map((row: any) => [steps.indexOf(row.step_id), row.score_given, row.comment, row.scored_at]),
      };
    },
  };
}

function scoreOf(
  at: false | { assignmentId: string; stepId: string; pupilId: string; school: string },
  { given, finished, graded }: Extract<Operation, { kind: 'score' }>,
  index: number,
  accepted: { at: Date; id: string },
): ScoreReceived {
  if (at === false) throw new Error('a score is of a step');
  return {
    school: at.school,
    resourceLinkId: `${at.assignmentId}:${at.stepId}`,
    personId: at.pupilId,
    scoreGiven: given,
    scoreMaximum: given === null ? null : 10,
    activityProgress: finished ? 'Completed' : 'InProgress',
    gradingProgress: graded ? 'FullyGraded' : 'Pending',
    comment: `score ${index}`,
    // The LTI platform accepts a pupil's scores with ascending timestamps only.
    timestamp: new Date(Date.UTC(2026, 10, 20, 10, index)).toISOString(),
    scoreId: accepted.id,
    receivedAt: accepted.at.toISOString(),
  };
}

/** Puts the first pupil of 3A in or out of the class. */
const enrol = (world: World, active: boolean) =>
  world.platform.work('directory', ({ knex }) =>
    knex('enrolments').where({ class_id: world.class3A, person_id: world.pupils[0].id }).update({ active }),
  );

interface GroupSubject {
  /** The second stays. */
  groups: [string, string];
  removed: boolean;
}

/** Paths are given to two groups, of which one is removed. */
function groupRemoved(): HandlerCase<GroupSubject, 'give' | 'give-to-other' | 'remove'> {
  return {
    history: fc.array(fc.constantFrom('give', 'give-to-other', 'remove'), { minLength: 2, maxLength: 5 }),

    async arrange(world) {
      const group = (name: string) =>
        world.group({ school: world.school, name, kind: 'group', teachers: [world.teacher], pupils: [world.pupils[0]] });
      return { groups: [await group('Plusgroep'), await group('Leesgroep')], removed: false };
    },

    async perform(world, subject, operation) {
      const [groupId, otherId] = subject.groups;
      if (operation === 'remove') {
        if (subject.removed) return null;
        subject.removed = true;
        await world.teacher.client.delete(`/api/directory/groups/${groupId}`);
        return { payload: { school: world.school, groupId }, at: new Date() };
      }
      if (operation === 'give' && subject.removed) return null;
      const path = await world.path([await world.activity()]);
      await world.assign(path.id, { classId: operation === 'give' ? groupId : otherId });
      return null;
    },

    outcome: (world, { groups }) =>
      world.platform.work('myway', async ({ knex }) =>
        (await knex('assignments').whereIn('class_id', groups).orderBy('created_at')).map((row: any) => [
          groups.indexOf(row.class_id),
          row.ended_at !== null,
        ]),
      ),
  };
}
