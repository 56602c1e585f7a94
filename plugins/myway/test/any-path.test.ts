import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../src/trail/path-to-walk.js';
import { type Walk, walk } from '../src/trail/rules.js';
import { anyOutcome, anyPath } from './support/any-path.js';

/** `MYWAY_PATHS=10000` tries as many paths. */
const numRuns = Number(process.env.MYWAY_PATHS ?? 300);
const none: Outcome = { state: 'todo', best: null, tries: 0, marking: null };

type Path = Parameters<typeof walk>[0];
type Results = Map<string, Outcome>;

/** What somebody can do to go on: the pupil at an open step, the teacher at a step or a branch. */
type Move = { who: 'pupil' | 'teacher'; stepId: string } | { who: 'teacher'; blockId: string };

function moves(path: Path, results: Results, now: Walk): Move[] {
  const kindOf = new Map(path.steps.map((step) => [step.id, step.kind]));
  const open = now.positions.filter(({ lock, away }) => lock === null && !away);
  return [
    ...open
      .filter(({ state, next }) => state !== 'done' || next)
      .map(({ stepId }): Move => ({ who: kindOf.get(stepId) === 'moment' ? 'teacher' : 'pupil', stepId })),
    ...path.steps
      .filter(({ id }) => results.get(id)?.marking === 'pending')
      .map(({ id }): Move => ({ who: 'teacher', stepId: id })),
    ...now.blocks.flatMap((block): Move[] =>
      block.kind === 'branch' && block.decision.kind === 'waiting' && block.decision.lock.reason === 'teacher'
        ? [{ who: 'teacher', blockId: block.id }]
        : [],
    ),
  ];
}

describe('any path, with any results', () => {
  const withOutcomes = anyPath.chain((path) =>
    fc.tuple(
      fc.constant(path),
      fc.tuple(...path.steps.map(({ id }) => anyOutcome.map((outcome) => [id, outcome] as const))).map((each) => new Map(each)),
    ),
  );

  it('gives the same answer whatever the order of steps’ results, twice the same or late', () => {
    fc.assert(
      fc.property(
        anyPath.chain((path) =>
          fc.record({
            path: fc.constant(path),
            events: fc.array(fc.tuple(fc.constantFrom(...path.steps.map(({ id }) => id)), anyOutcome), { maxLength: 20 }),
            seed: fc.infiniteStream(fc.nat()),
          }),
        ),
        ({ path, events, seed }) => {
          // Results of one step are merged by their own rules (see scores.test.ts and event-order.test.ts); here, the last one is known.
          const last = new Map(events);
          const shuffled = [...last, ...last].map((each) => [seed.next().value, each] as const).sort(([a], [b]) => a - b);
          const expected = walk(path, last);
          expect(walk(path, new Map(shuffled.map(([, each]) => each)))).toEqual(expected);
          const blocks = [...(path.blocks ?? [])].reverse();
          const { blocks: states, ...rest } = walk({ ...path, blocks }, last);
          expect({ ...rest, blocks: [...states].reverse() }).toEqual(expected);
        },
      ),
      { numRuns },
    );
  });

  it('never leaves a pupil stuck without a reason: a step can be opened, or it is said for what to wait', () => {
    fc.assert(
      fc.property(withOutcomes, ([path, results]) => {
        const now = walk(path, results);
        for (const { lock, away, next } of now.positions) {
          if (away && next) throw new Error('The next step is on another way.');
          if (next) expect(lock).toBeNull();
        }
        const hasSomething = path.steps.some(({ available }) => available);
        if (now.complete || !hasSomething || now.total === 0) return;
        const able = moves(path, results, now);
        expect(able.length, 'somebody can do something').toBeGreaterThan(0);
        if (now.positions.some(({ next }) => next)) return;
        // Nothing for the pupil to do now: the pupil is told that it is the teacher's turn.
        expect(able.some(({ who }) => who === 'teacher')).toBe(true);
      }),
      { numRuns },
    );
  });

  it('is finished by a pupil who does each next step, and a teacher who marks and chooses', () => {
    fc.assert(
      fc.property(anyPath, fc.infiniteStream(fc.nat({ max: 10 })), (path, random) => {
        const results: Results = new Map();
        const choices = new Map<string, string>();
        const pick = <T>(items: readonly T[]): T => items[random.next().value % items.length] as T;
        for (let turn = 0; turn < 400; turn += 1) {
          const now = walk(path, results, choices);
          if (now.complete || now.total === 0) return;
          // Now and then something that is optional or too early to count is done.
          const able = moves(path, results, now);
          if (able.length === 0) throw new Error(`stuck: ${JSON.stringify({ now, results: [...results] })}`);
          const forced = now.positions.find(({ next }) => next);
          const move = forced !== undefined && turn % 3 !== 0 ? ({ who: 'pupil', stepId: forced.stepId } as Move) : pick(able);
          if ('blockId' in move) {
            const block = path.blocks?.find(({ id }) => id === move.blockId);
            if (block?.kind === 'branch') choices.set(move.blockId, pick(block.arms).id);
            continue;
          }
          const { kind } = path.steps.find(({ id }) => id === move.stepId) ?? {};
          const before = results.get(move.stepId) ?? none;
          const score = kind === 'lti' || kind === 'quiz' || (kind === 'task' && before.marking === 'pending');
          const best = score ? Math.max(before.best ?? 0, random.next().value / 10) : before.best;
          results.set(move.stepId, {
            state: 'done',
            best,
            tries: before.tries + (score ? 1 : 0),
            marking: kind === 'task' && before.marking === null ? 'pending' : null,
          });
        }
        throw new Error('The path does not end.');
      }),
      { numRuns },
    );
  });

  it('keeps open what a pupil began, whatever the score or the teacher changes', () => {
    fc.assert(
      fc.property(withOutcomes, ([path, results]) => {
        for (const { lock, state } of walk(path, results).positions) {
          if (state !== 'todo') expect([null, 'unavailable']).toContain(lock?.reason ?? null);
        }
      }),
      { numRuns },
    );
  });
});
