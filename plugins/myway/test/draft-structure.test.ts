import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DraftStep, ownStep } from '../src/paths/draft.js';
import {
  droppedAt,
  faultsOf,
  inserted,
  onTheLine,
  putBack,
  stepMoved,
  stepPlaced,
  withBranch,
  withChoice,
  withoutBlock,
  withoutStep,
  withoutWay,
} from '../src/paths/draft-structure.js';
import { drawing } from '../src/paths/graph-layout.js';
import type { Block } from '../src/paths/structure.js';

const choice: Block = { id: 'c', kind: 'choice', title: '', pick: 1 };
const branch: Block = {
  id: 'b',
  kind: 'branch',
  title: '',
  on: 'teacher',
  step: null,
  tries: 3,
  arms: ['x', 'y'].map((id) => ({ id, title: id, from: 0, again: false })),
};
const nested: Block = { id: 'n', kind: 'choice', title: '', pick: 1, within: { block: 'b', arm: 'x' } };
/** Steps by a drawing: `a b(x:c y:d) (e f)` in short `a bx:c by:d c:e c:f`; `n` is a choice in way x. */
const path = (...written: string[]): { steps: DraftStep[]; blocks: Block[] } => ({
  steps: written.map((each) => {
    const [place, key = each] = each.includes(':') ? each.split(':') : [undefined, each];
    return {
      ...ownStep({ kind: 'moment', text: 'x' }, each),
      key,
      ...(place === undefined
        ? onTheLine
        : place === 'c' || place === 'n'
          ? { block: place, arm: null }
          : { block: 'b', arm: place.slice(1) }),
    };
  }),
  blocks: [choice, branch],
});
const shown = (steps: readonly DraftStep[]) =>
  steps.map(({ key, block, arm }) => (block === null ? key : `${block}${arm ?? ''}:${key}`)).join(' ');
const added = (place: object) => ({ ...path('n').steps[0], ...place }) as DraftStep;

describe('building blocks', () => {
  const { steps, blocks } = path('a', 'bx:d', 'by:e', 'c:f', 'c:g', 'h');

  it('a step that is moved into the middle of a block joins it, and one that is moved away leaves it', () => {
    expect(shown(stepMoved(steps, 5, 4))).toBe('a bx:d by:e c:f c:h c:g');
    expect(shown(stepMoved(steps, 4, 0))).toBe('g a bx:d by:e c:f h');
    expect(shown(stepMoved(steps, 3, 4))).toBe('a bx:d by:e c:g c:f h');
    expect(shown(stepMoved(steps, 0, 1))).toBe('bx:d bx:a by:e c:f c:g h');
    expect(shown(stepMoved(steps, 5, 0))).toBe('h a bx:d by:e c:f c:g');
  });

  it('steps are added and placed at the end of a way, also an empty one', () => {
    expect(shown(inserted({ steps, blocks }, added({ block: 'b', arm: 'x' })))).toBe('a bx:d bx:n by:e c:f c:g h');
    expect(shown(inserted({ steps, blocks }, added(onTheLine)))).toBe('a bx:d by:e c:f c:g h n');
    expect(shown(inserted(path('a', 'by:e', 'h'), added({ block: 'b', arm: 'x' })))).toBe('a bx:n by:e h');
    expect(shown(stepPlaced({ steps, blocks }, 'h', { block: 'c', arm: null }))).toBe('a bx:d by:e c:f c:g c:h');
    expect(shown(stepPlaced({ steps, blocks }, 'f', onTheLine))).toBe('a bx:d by:e c:g f h');
    expect(shown(stepPlaced({ steps, blocks }, 'd', { block: 'b', arm: 'y' }))).toBe('a by:e by:d c:f c:g h');
    expect(shown(droppedAt({ steps, blocks }, added(onTheLine), 2))).toBe('a bx:d by:e n c:f c:g h');
    expect(shown(droppedAt({ steps, blocks }, added(onTheLine), 1))).toBe('a n bx:d by:e c:f c:g h');
  });

  it('a choice and a branch are made of steps, and removed without them', () => {
    const made = withChoice({ steps: path('a', 'z').steps, blocks: [] }, 'a');
    expect(made.steps.every(({ block }) => block === made.blocks[0]?.id)).toBe(true);
    expect(shown(withoutBlock(made, made.blocks[0]?.id ?? '').steps)).toBe('a z');
    expect(withBranch({ steps, blocks: [] }, 'a', ['laag', 'hoog'], 0.6)).toMatchObject([
      { on: 'done', step: 'a', arms: [{ from: 0 }, { from: 0 }] },
    ]);
    expect(withBranch({ steps, blocks: [] }, null, ['laag', 'hoog'], 0.6)).toMatchObject([{ on: 'teacher', step: null }]);
  });

  it('what depended on a removed step goes with it', () => {
    const blocksOn = withBranch({ steps, blocks: [] }, 'a', ['laag', 'hoog'], 0.6);
    const dependent = steps.map((step) => (step.key === 'h' ? { ...step, after: ['a'] } : { ...step, ...onTheLine }));
    const left = withoutStep({ steps: dependent, blocks: blocksOn }, 'a');
    expect(left.blocks).toEqual([]);
    expect(left.steps.find(({ key }) => key === 'h')?.after).toEqual([]);
  });

  it('the steps of a removed way come behind the branch, of which the first way begins at 0', () => {
    const arms = ['x', 'y', 'z'].map((id, index) => ({ id, title: id, from: index / 3, again: false }));
    const left = withoutWay({ steps, blocks: [choice, { ...branch, on: 'score', step: 'a', arms }] }, 'b', 'x');
    expect(shown(left.steps ?? [])).toBe('a by:e d c:f c:g h');
    expect(left.blocks?.[1]).toMatchObject({ arms: [{ id: 'y', from: 0 }, { id: 'z' }] });
    expect(withoutWay({ steps, blocks }, 'c', 'x')).toEqual({});
  });

  it('a removed step is put back where it was, with what depended on it, and never twice', () => {
    const before = { steps: steps.map((step) => (step.key === 'h' ? { ...step, after: ['a'] } : step)), blocks };
    const [first] = before.steps as [DraftStep];
    const now = withoutStep(before, 'a') as typeof before;
    const noted = { ...now, steps: now.steps.map((step) => ({ ...step, note: step.key === 'd' ? 'later' : '' })) };
    const back = putBack(noted, before, first);
    expect(shown(back?.steps ?? [])).toBe('a bx:d by:e c:f c:g h');
    expect(back?.steps?.find(({ key }) => key === 'h')?.after).toEqual(['a']);
    expect(back?.steps?.find(({ key }) => key === 'd')?.note).toBe('later');
    expect(putBack(before, before, first)).toBeNull();
    // Other steps came or went since: it comes at the end of its place.
    const grown = { ...now, steps: [...now.steps, added({ key: 'n', ...onTheLine })] };
    expect(shown(putBack(grown, before, first)?.steps ?? [])).toBe('bx:d by:e c:f c:g h n a');
  });

  it('a choice in a way of a branch is made, left, joined and removed there', () => {
    const inWay = path('a', 'bx:d', 'n:i', 'n:j', 'bx:k', 'by:e', 'h');
    const all = { ...inWay, blocks: [branch, nested] };
    const after = (from: number, to: number) => shown(stepMoved(all.steps, from, to, all.blocks));
    expect(after(1, 2)).toBe('a n:i n:d n:j bx:k by:e h');
    expect(after(4, 3)).toBe('a bx:d n:i n:k n:j by:e h');
    expect(after(3, 4)).toBe('a bx:d n:i bx:k bx:j by:e h');
    expect(after(6, 3)).toBe('a bx:d n:i n:h n:j bx:k by:e');
    expect(after(2, 6)).toBe('a bx:d n:j bx:k by:e h i');
    expect(shown(stepPlaced(all, 'j', onTheLine))).toBe('a bx:d n:i bx:k by:e j h');
    expect(shown(stepPlaced(all, 'h', { block: 'n', arm: null }))).toBe('a bx:d n:i n:j n:h bx:k by:e');
    const only = { steps: path('n:i', 'by:e').steps, blocks: all.blocks };
    expect(shown(stepPlaced(only, 'e', { block: 'b', arm: 'x' }))).toBe('n:i bx:e');
    expect(shown(droppedAt(all, added(onTheLine), 3))).toBe('a bx:d n:i n:j bx:k by:e n h');
    expect(shown(withoutBlock(all, 'n').steps)).toBe('a bx:d bx:i bx:j bx:k by:e h');
    const flat = withoutBlock(all, 'b');
    expect([shown(flat.steps), flat.blocks]).toEqual(['a d n:i n:j k e h', [{ ...nested, within: undefined }]]);
    expect(shown(withoutWay(all, 'b', 'x').steps ?? [])).toBe('a by:e d i j k h');
    const made = withChoice({ steps: path('bx:d', 'bx:i', 'by:e').steps, blocks: [branch] }, 'd');
    expect(made.blocks[1]).toMatchObject({ kind: 'choice', within: { block: 'b', arm: 'x' } });
    expect(made.steps.map(({ block }) => block)).toEqual([made.blocks[1]?.id, made.blocks[1]?.id, 'b']);
    expect(drawing(all.steps, all.blocks).lanes).toBe(2);
  });

  it('no act of the builder splits a block', () => {
    const act = fc.tuple(fc.constantFrom('move', 'place', 'drop', 'remove'), fc.nat({ max: 20 }), fc.nat({ max: 20 }));
    fc.assert(
      fc.property(fc.array(act, { maxLength: 12 }), (acts) => {
        let now: { steps: DraftStep[]; blocks: Block[] } = {
          steps: [...steps.slice(0, 2), ...path('n:x', 'n:y').steps, ...steps.slice(2)],
          blocks: [...blocks, nested],
        };
        for (const [what, one, other] of acts) {
          const { length } = now.steps;
          const key = now.steps[one % Math.max(1, length)]?.key;
          if (key === undefined) break;
          const places = [
            onTheLine,
            { block: 'c', arm: null },
            { block: 'b', arm: 'x' },
            { block: 'b', arm: 'y' },
            { block: 'n', arm: null },
          ];
          if (what === 'move') now = { ...now, steps: stepMoved(now.steps, one % length, other % length, now.blocks) };
          if (what === 'place') now = { ...now, steps: stepPlaced(now, key, places[other % places.length] ?? onTheLine) };
          if (what === 'drop')
            now = {
              ...now,
              steps: droppedAt(now, { ...added(onTheLine), key: `n${now.steps.length}-${one}-${other}` }, other % (length + 1)),
            };
          if (what === 'remove') now = withoutStep(now, key) as typeof now;
          const errors = faultsOf({ sequence: 'free', ...now }).filter(({ isError }) => isError);
          expect(errors.map(({ code }) => code)).toEqual([]);
        }
      }),
    );
  });
});

describe('while somebody types, the builder says', () => {
  const codes = (draft: Parameters<typeof faultsOf>[0]) => faultsOf(draft).map(({ code, step, block }) => [code, step ?? block]);

  it('what pupils would not reach', () => {
    const { steps } = path('a', 'bx:d', 'by:e', 'c:f');
    const onScore: Block = {
      ...branch,
      on: 'score',
      step: 'a',
      arms: branch.arms.map((arm, index) => ({ ...arm, from: index / 2 })),
    };
    // A moment never has a score, so everybody takes the highest way.
    expect(codes({ sequence: 'in-order', steps, blocks: [onScore, { ...choice, pick: 2 }] })).toEqual([
      ['unreachable', 'd'],
      ['choice-too-many', 'c'],
    ]);
    const quiz = { ...ownStep({ kind: 'quiz', questions: [{ kind: 'word', text: '?', answers: ['x'] }] }, 'a'), key: 'a' };
    expect(codes({ sequence: 'in-order', steps: [quiz, ...steps.slice(1)], blocks: [onScore, choice] })).toEqual([]);
    expect(codes({ sequence: 'in-order', steps: [quiz], blocks: [choice] })).toEqual([['block-empty', 'c']]);
    const gone = steps.map((step) => ({ ...step, available: step.key !== 'f', teacherOnly: step.key === 'e' }));
    expect(codes({ sequence: 'in-order', steps: gone, blocks: [branch, choice] })).toEqual([
      ['teacher-only', 'e'],
      ['unavailable', 'f'],
    ]);
    const broken = steps.map((step) => ({ ...step, linkBroken: step.key !== 'a', available: step.key !== 'f' }));
    expect(codes({ sequence: 'in-order', steps: broken.slice(0, 4), blocks: [branch, choice] })).toEqual([
      ['link-broken', 'd'],
      ['link-broken', 'e'],
      ['unavailable', 'f'],
    ]);
  });

  it('which steps wait for each other', () => {
    const { steps } = path('a', 'bx:d', 'z');
    const later = (key: string, after: string[]) => steps.map((step) => (step.key === key ? { ...step, after } : step));
    expect(codes({ sequence: 'in-order', steps: later('a', ['z']), blocks: [branch] }).every(([code]) => code === 'cycle')).toBe(
      true,
    );
    // In a free path nothing holds up the later step.
    expect(codes({ sequence: 'free', steps: later('a', ['z']), blocks: [branch] })).toEqual([]);
    const onLater: Block = { ...branch, on: 'done', step: 'z' };
    expect(codes({ sequence: 'in-order', steps, blocks: [onLater] }).map(([code]) => code)).toContain('cycle');
  });
});

describe('a path as a map', () => {
  it('has each step once, at a place of its own, and a lane for each way and choice', () => {
    const { steps, blocks } = path('a', 'bx:d', 'bx:i', 'by:e', 'c:f', 'c:g', 'c:j', 'h');
    const plan = drawing(steps, blocks);
    expect(plan.stations.map(({ index }) => index).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(new Set(plan.stations.map(({ x, y }) => `${x} ${y}`)).size).toBe(8);
    expect([plan.lanes, plan.junctions.length, plan.columns]).toEqual([3, 4, 8]);
    // A way without steps is drawn beside the other.
    expect(drawing(path('bx:d').steps, blocks).tracks).toContainEqual({ from: { x: 0, y: 0 }, to: { x: 1, y: 1 } });
  });
});
