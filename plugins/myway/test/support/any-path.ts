import fc from 'fast-check';
import { checkPath, type WrittenStep } from '../../src/paths/check-path.js';
import type { Block } from '../../src/paths/structure.js';
import type { Outcome, PathToWalk, StepToWalk } from '../../src/trail/path-to-walk.js';

type Step = StepToWalk & { kind: NonNullable<StepToWalk['kind']>; after: string[]; block: string | null; arm: string | null };

const kinds = ['lti', 'link', 'text', 'task', 'moment', 'quiz'] as const;
interface AnyStep {
  required: boolean;
  available: boolean;
  kind: Step['kind'];
  /** Positions of steps. */
  after: number[];
}
const step: fc.Arbitrary<AnyStep> = fc.record({
  required: fc.boolean(),
  available: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  kind: fc.constantFrom(...kinds),
  after: fc.array(fc.nat({ max: 19 }), { maxLength: 2 }),
});
const plain = fc.record({ type: fc.constant('plain' as const), steps: fc.array(step, { minLength: 1, maxLength: 3 }) });
const choice = fc.record({
  type: fc.constant('choice' as const),
  pick: fc.integer({ min: 1, max: 4 }),
  steps: fc.array(step, { minLength: 1, maxLength: 4 }),
});
const branch = fc.record({
  type: fc.constant('branch' as const),
  on: fc.constantFrom('score' as const, 'done' as const, 'teacher' as const),
  from: fc.nat({ max: 19 }),
  ways: fc.array(
    fc.record({
      again: fc.boolean(),
      pick: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
      steps: fc.array(step, { maxLength: 3 }),
      // Choices in the way, each with steps of the way behind it.
      choices: fc.array(
        fc.record({
          pick: fc.integer({ min: 1, max: 3 }),
          steps: fc.array(step, { minLength: 1, maxLength: 3 }),
          behind: fc.array(step, { maxLength: 1 }),
        }),
        { maxLength: 2 },
      ),
    }),
    { minLength: 2, maxLength: 3 },
  ),
  tries: fc.integer({ min: 1, max: 3 }),
});
const part = fc.oneof(plain, choice, branch);

/** Any path that may be stored: straight or free, with choices, branches (also on a step of another branch) and prerequisites. */
export const anyPath: fc.Arbitrary<PathToWalk & { steps: Step[]; blocks: Block[] }> = fc
  .record({
    sequence: fc.constantFrom('in-order' as const, 'free' as const),
    parts: fc.array(part, { minLength: 1, maxLength: 5 }),
  })
  .map(({ sequence, parts }) => {
    const steps: Step[] = [];
    const blocks: Block[] = [];
    const add = (each: AnyStep, block: string | null, arm: string | null) =>
      steps.push({
        id: `s${steps.length}`,
        required: each.required,
        available: each.available,
        kind: each.kind,
        after: [...new Set(each.after.map((nth) => `s${nth}`))],
        block,
        arm,
      });
    for (const [nth, each] of parts.entries()) {
      const id = `b${nth}`;
      if (each.type === 'plain') for (const one of each.steps) add(one, null, null);
      else if (each.type === 'choice') {
        for (const one of each.steps) add(one, id, null);
        blocks.push({ id, kind: 'choice', title: id, pick: each.pick });
      } else {
        const ways = each.on === 'done' ? each.ways.slice(0, 2) : each.ways;
        for (const [way, { steps: inside, pick, choices }] of ways.entries()) {
          const arm = `w${way}`;
          for (const one of inside) add(one, id, arm);
          if (pick !== undefined) continue;
          for (const [number, each] of choices.entries()) {
            const within = `${id}${arm}c${number}`;
            for (const one of each.steps) add(one, within, null);
            for (const one of each.behind) add(one, id, arm);
            blocks.push({ id: within, kind: 'choice', title: within, pick: each.pick, within: { block: id, arm } });
          }
        }
        const arms = ways.map(({ again, pick }, way) => ({
          ...{ id: `w${way}`, title: '', from: way / ways.length, again },
          ...(pick === undefined ? {} : { pick }),
        }));
        const from = each.on === 'teacher' ? null : `s${each.from}`;
        blocks.push({ id, kind: 'branch', title: id, on: each.on, step: from, arms, tries: each.tries });
      }
    }
    const known = new Set(steps.map((one) => one.id));
    for (const one of steps) one.after = one.after.filter((id) => known.has(id) && id !== one.id);
    return { sequence, steps, blocks };
  })
  .filter((path) => path.steps.length > 0 && !faultsOf(path).some(({ isError }) => isError));

export const faultsOf = ({ sequence, steps, blocks }: PathToWalk & { steps: Step[]; blocks: Block[] }) =>
  checkPath({
    sequence,
    blocks,
    steps: steps.map(({ id, ...one }): WrittenStep => ({ key: id, content: null, teacherOnly: false, ...one })),
  });

export const anyOutcome: fc.Arbitrary<Outcome> = fc
  .record({
    state: fc.constantFrom('todo' as const, 'started' as const, 'done' as const),
    best: fc.option(fc.constantFrom(0, 0.2, 0.4, 0.5, 0.6, 0.8, 1)),
    tries: fc.integer({ min: 1, max: 4 }),
    marking: fc.constantFrom(null, null, 'pending' as const, 'failed' as const),
  })
  .map((each) =>
    each.state === 'todo'
      ? { state: 'todo', best: null, tries: 0, marking: null }
      : { ...each, tries: each.best === null ? 0 : each.tries },
  );
