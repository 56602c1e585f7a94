import { randomUUID } from 'node:crypto';
import type { PastAssignment, PastResult } from '../exports.js';
import { unacceptable } from '../problems.js';

/** One assignment of the import, with the steps of its path. */
interface Entry {
  id: string;
  school: string;
  assignment: PastAssignment;
  steps: readonly { id: string }[];
  /** JSON Pointer to it in the import. */
  place: string;
}

interface Key {
  assignment_id: string;
  step_id: string;
  pupil_id: string;
  school_id: string;
}

/** The rows to insert for past assignments. Refuses times that cannot be right. */
export class PastRows {
  readonly assignments: object[] = [];
  readonly results: object[] = [];
  readonly attempts: object[] = [];
  readonly #now: Date;

  constructor(now: Date) {
    this.#now = now;
  }

  add({ id, school, assignment, steps, place }: Entry): void {
    const { pathId, classId, byPersonId, givenAt, dueOn, endedAt, results } = assignment;
    this.#inOrder([givenAt, endedAt], `${place}/endedAt`);
    this.assignments.push({
      id,
      school_id: school,
      path_id: pathId,
      class_id: classId,
      whole_class: true,
      assigned_by: byPersonId,
      due_on: dueOn,
      ended_at: endedAt,
      created_at: givenAt,
      updated_at: endedAt ?? givenAt,
    });
    const seen = new Set<string>();
    for (const [index, result] of results.entries()) {
      const at = `${place}/results/${index}`;
      const one = `${result.pupilId} ${result.step}`;
      if (seen.has(one)) throw invalid(at, 'There is an earlier result of this pupil at this step.');
      seen.add(one);
      const { pupilId, step } = result;
      this.#addResult(
        { assignment_id: id, step_id: (steps[step] as { id: string }).id, pupil_id: pupilId, school_id: school },
        result,
        at,
      );
    }
  }

  #addResult(key: Key, { startedAt, doneAt, doneBy, attempts }: PastResult, place: string): void {
    if ((doneAt === null) !== (doneBy === null)) throw invalid(`${place}/doneBy`, 'Give doneAt and doneBy, or neither.');
    for (const [index, { given, maximum }] of attempts.entries()) {
      if (!(given >= 0 && maximum > 0)) throw invalid(`${place}/attempts/${index}`, 'A score is at least 0, of more than 0.');
    }
    this.#inOrder([startedAt, doneAt], `${place}/doneAt`);
    this.#inOrder([startedAt, ...attempts.map(({ at }) => at)], `${place}/attempts`);
    const tries = attempts.map((attempt) => ({ id: randomUUID(), ...attempt }));
    const last = tries.at(-1);
    const lastActiveAt = new Date(Math.max(+startedAt, +(doneAt ?? startedAt), +(last?.at ?? startedAt)));
    this.results.push({
      ...key,
      state: doneAt === null ? 'started' : 'done',
      done_by: doneBy,
      score_given: last?.given ?? null,
      score_maximum: last?.maximum ?? null,
      scored_at: last?.at ?? null,
      score_id: last?.id ?? null,
      started_at: startedAt,
      done_at: doneAt,
      last_active_at: lastActiveAt,
      tries: tries.length,
      best: tries.length === 0 ? null : Math.max(...tries.map(({ given, maximum }) => given / maximum)),
      updated_at: lastActiveAt,
    });
    for (const { id, given, maximum, at } of tries) {
      this.attempts.push({
        id,
        ...key,
        score_given: given,
        score_maximum: maximum,
        comment: null,
        scored_at: at,
        updated_at: at,
      });
    }
  }

  /** @throws 422 unless the moments follow each other and none is in the future */
  #inOrder(moments: readonly (Date | null)[], pointer: string): void {
    const given = moments.filter((moment) => moment !== null);
    given.forEach((moment, index) => {
      const before = given[index - 1];
      if (Number.isNaN(+moment) || moment > this.#now) throw invalid(pointer, 'This is not a moment in the past.');
      if (before !== undefined && moment < before) throw invalid(pointer, 'This is earlier than what goes before it.');
    });
  }
}

/** 422 `myway/invalid-history` */
export const invalid = (pointer: string, message: string) => unacceptable('invalid-history', pointer, message);
