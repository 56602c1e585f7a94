import type { PortalElement } from '@ilearn/ui';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaOf } from '../src/paths/area.js';
import type { PathShape } from '../src/paths/shapes.js';
import { stuckOn } from '../src/progress/stuck.js';
import { buildTrail } from '../src/trail/build-trail.js';
import type { StepState, StepToWalk } from '../src/trail/path-to-walk.js';
import { walk as walkPath } from '../src/trail/rules.js';
import { endWords, sentenceOf } from '../src/trail/score-words.js';

const step = (id: string, options: { required?: boolean; available?: boolean } = {}) => ({
  id,
  required: true,
  available: true,
  ...options,
});
const states = (known: Record<string, StepState>) => known;
/** A path without blocks, of which only the states are known. */
const walk = (steps: StepToWalk[], known: Record<string, StepState>, sequence: 'in-order' | 'free') =>
  walkPath(
    { steps, sequence },
    new Map(Object.entries(known).map(([id, state]) => [id, { state, best: null, tries: 0, marking: null }])),
  );
const locks = (result: ReturnType<typeof walk>) =>
  result.positions.map(({ lock }) => (lock?.reason === 'previous' ? lock.stepId : lock?.reason));
const next = (result: ReturnType<typeof walk>) => result.positions.find((position) => position.next)?.stepId;

describe('following a path in order', () => {
  it('opens a step when the required one before it is done, and names that one until then', () => {
    const steps = [step('a'), step('b'), step('c')];
    expect(locks(walk(steps, states({}), 'in-order'))).toEqual([undefined, 'a', 'a']);
    expect(locks(walk(steps, states({ a: 'started' }), 'in-order'))).toEqual([undefined, 'a', 'a']);
    expect(locks(walk(steps, states({ a: 'done' }), 'in-order'))).toEqual([undefined, undefined, 'b']);
  });

  it('does not wait for an optional step', () => {
    const result = walk([step('a', { required: false }), step('b')], states({}), 'in-order');
    expect(locks(result)).toEqual([undefined, undefined]);
    expect(next(result)).toBe('b');
  });

  it('does not wait for an unavailable step, and never opens it', () => {
    const result = walk([step('a', { available: false }), step('b')], states({}), 'in-order');
    expect(locks(result)).toEqual(['unavailable', undefined]);
    expect(next(result)).toBe('b');
    expect(result.total).toBe(1);
  });

  it('keeps a step open that was started or done, if the teacher puts an undone step before it', () => {
    const result = walk([step('new'), step('a'), step('b'), step('c')], states({ a: 'done', b: 'started' }), 'in-order');
    expect(locks(result)).toEqual([undefined, undefined, undefined, 'new']);
    expect(next(result)).toBe('new');
  });

  it('has exactly one next step, which is optional only if the required ones are done', () => {
    const steps = [step('a'), step('extra', { required: false }), step('b')];
    for (const known of [{}, { a: 'done' }, { a: 'done', b: 'started' }] as Record<string, StepState>[]) {
      expect(walk(steps, states(known), 'in-order').positions.filter((position) => position.next)).toHaveLength(1);
    }
    expect(next(walk(steps, states({ a: 'done' }), 'in-order'))).toBe('b');
    const finished = walk(steps, states({ a: 'done', b: 'done' }), 'in-order');
    expect(finished).toMatchObject({ complete: true, done: 2, total: 2 });
    expect(next(finished)).toBe('extra');
    expect(next(walk(steps, states({ a: 'done', b: 'done', extra: 'done' }), 'in-order'))).toBeUndefined();
  });

  it('counts optional steps if none is required, and an empty path is not complete', () => {
    const steps = [step('a', { required: false }), step('b', { required: false })];
    expect(walk(steps, states({ a: 'done' }), 'in-order')).toMatchObject({ complete: false, done: 1, total: 2 });
    expect(walk([], states({}), 'in-order')).toMatchObject({ complete: false, total: 0 });
  });
});

describe('following a free path', () => {
  it('opens every step that is available', () => {
    expect(locks(walk([step('a'), step('b'), step('c', { available: false })], states({}), 'free'))).toEqual([
      undefined,
      undefined,
      'unavailable',
    ]);
  });
});

describe('being stuck', () => {
  const limits = { stuckAfterDays: 7, stuckAfterTries: 3, goodEnough: 0.6 };
  const now = new Date('2026-11-22T12:00:00Z');
  const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);
  const tries = (...given: number[]) => ({ tries: given.length, best: given.length === 0 ? null : Math.max(...given) / 10 });

  it('means a step that was started more than seven days ago and is not done', () => {
    expect(stuckOn({ state: 'started', startedAt: daysAgo(8), ...tries() }, limits, now)).toBe('waiting');
    expect(stuckOn({ state: 'started', startedAt: daysAgo(6), ...tries() }, limits, now)).toBeNull();
    expect(stuckOn({ state: 'done', startedAt: daysAgo(30), ...tries() }, limits, now)).toBeNull();
    expect(stuckOn(undefined, limits, now)).toBeNull();
  });

  it('means three tries of which none reached 60 %', () => {
    expect(stuckOn({ state: 'done', startedAt: now, ...tries(2, 5, 5.9) }, limits, now)).toBe('trying');
    expect(stuckOn({ state: 'done', startedAt: now, ...tries(2, 6, 1) }, limits, now)).toBeNull();
    expect(stuckOn({ state: 'done', startedAt: now, ...tries(2, 5) }, limits, now)).toBeNull();
  });
});

describe('what a pupil is told about a score', () => {
  const words = { t: (key: string) => key } as unknown as PortalElement;
  const trail = (...scores: (number | null)[]) =>
    buildTrail(
      {
        row: { sequence: 'in-order', blocks: [] },
        steps: scores.map((_, index) => ({ id: String(index), required: true, available: true, teacherOnly: false })),
      } as unknown as PathShape,
      scores.map((given, index) => ({
        stepId: String(index),
        state: 'done',
        scoreGiven: given,
        scoreMaximum: given === null ? null : 10,
        marking: null,
        comment: null,
        tries: 1,
        best: given === null ? null : given / 10,
      })),
      { goodEnough: 0.6 },
    );

  it('ux 2: praises only a score that is good enough', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 20, noNaN: true }), fc.integer({ min: 0, max: 9 }), (given, tries) => {
        const [step] = trail(given).steps;
        const said = sentenceOf(words, { ...step, tries } as never, 'leerkracht');
        expect(['result.perfect', 'result.great', 'result.good'].includes(said)).toBe(given >= 6);
      }),
    );
  });

  it('ux 2: speaks of success at the end only where no score is low', () => {
    expect(endWords(words, trail(null, null))).toBe('trail.complete');
    expect(endWords(words, trail(6, null))).toBe('trail.complete');
    expect(endWords(words, trail(5, 10))).toBe('end.some');
    expect(endWords(words, trail(0, null))).toBe('end.hard');
    // To a colleague, nobody speaks as to a child.
    expect(endWords(words, trail(0, null), true)).toBe('end.some');
    expect(endWords(words, trail(6, null), true)).toBe('learner.complete');
  });
});

describe('the learning area of a path', () => {
  const step = (area: string | null, ...labels: string[]) => ({
    area,
    concepts: labels.map((label) => ({ uri: `https://example.org/${label}`, label })),
  });

  it('is that of most steps, named after the concept that most of these share', () => {
    const steps = [
      step('ict', 'computers'),
      step('wiskunde', 'rekenen', 'getallen'),
      step('wiskunde', 'getallen'),
      step(null, 'vrij'),
    ];
    expect(areaOf(steps)).toEqual({ key: 'wiskunde', label: 'getallen' });
  });

  it('is that of the first step of equally frequent ones, and none without', () => {
    expect(areaOf([step('ict', 'computers'), step('wiskunde', 'rekenen')])?.key).toBe('ict');
    expect(areaOf([step(null, 'vrij'), step(null)])).toBeNull();
    expect(areaOf([])).toBeNull();
  });
});
