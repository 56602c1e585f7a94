import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Mergeable, mergePaths } from '../src/paths/merge-path.js';

type Path = Mergeable<{ key: string; note: string }, { id: string; title: string }>;
const path = (steps: string, over: Partial<Path> = {}): Path => ({
  title: 'Tafels',
  description: '',
  sequence: 'in-order',
  steps: [...steps].map((key) => ({ key, note: '' })),
  blocks: [],
  ...over,
});
const noted = (one: Path, key: string, note: string): Path => ({
  ...one,
  steps: one.steps.map((step) => (step.key === key ? { ...step, note } : step)),
});
const keys = ({ merged }: { merged: Path }) => merged.steps.map(({ key, note }) => key + note).join('');

describe('two versions of a path that were made from the same one', () => {
  const base = path('abc');

  it('keep changes of different steps, of fields, and new and removed steps', () => {
    const merge = (theirs: Path, mine: Path) => {
      const result = mergePaths(base, theirs, mine);
      expect(result.conflicts).toEqual([]);
      return result;
    };
    expect(keys(merge(noted(base, 'a', '1'), noted(base, 'c', '2')))).toBe('a1bc2');
    expect(keys(merge(path('abxc'), path('abcy')))).toBe('abxcy');
    expect(keys(merge(path('ac'), path('abcy')))).toBe('acy');
    expect(keys(merge(path('cab'), noted(base, 'b', '1')))).toBe('cab1');
    expect(keys(merge(path('cxab'), path('abyc')))).toBe('cxaby');
    expect(merge({ ...base, title: 'T' }, { ...base, description: 'D' }).merged).toMatchObject({ title: 'T', description: 'D' });
    expect(keys(merge(noted(base, 'a', '1'), noted(base, 'a', '1')))).toBe('a1bc');
  });

  it('are in conflict where both changed the same', () => {
    const conflicts = (theirs: Path, mine: Path) => mergePaths(base, theirs, mine).conflicts;
    expect(conflicts(noted(base, 'a', '1'), noted(base, 'a', '2'))).toEqual([{ what: 'step', key: 'a' }]);
    expect(conflicts(path('bc'), noted(base, 'a', '2'))).toEqual([{ what: 'step', key: 'a' }]);
    expect(conflicts({ ...base, title: '1' }, { ...base, title: '2' })).toEqual([{ what: 'title' }]);
    expect(conflicts(path('cba'), path('bac'))).toEqual([{ what: 'order' }]);
    const block = (title: string) => ({ ...base, blocks: [{ id: 'b', title }] });
    expect(conflicts(block('1'), block('2'))).toEqual([{ what: 'block', key: 'b' }]);
  });

  it('lose nothing: every change of one that the other did not touch is there, whoever saves first', () => {
    const anyPath = fc
      .tuple(
        fc.shuffledSubarray([...'abcdefg'], { minLength: 0 }),
        fc.array(fc.constantFrom('', '1', '2'), { minLength: 7, maxLength: 7 }),
      )
      .map(([steps, notes]) => path('', { steps: steps.map((key, index) => ({ key, note: notes[index] as string })) }));
    fc.assert(
      fc.property(anyPath, anyPath, anyPath, (was, theirs, mine) => {
        const { merged, conflicts } = mergePaths(was, theirs, mine);
        const noteOf = (one: Path, key: string) => one.steps.find((step) => step.key === key)?.note;
        expect(new Set(merged.steps.map(({ key }) => key)).size).toBe(merged.steps.length);
        const steps = conflicts.flatMap((each) => (each.what === 'step' ? each.key : []));
        for (const key of 'abcdefg') {
          const [before, their, my] = [was, theirs, mine].map((one) => noteOf(one, key));
          if (my !== before) expect(noteOf(merged, key)).toBe(my);
          else expect(noteOf(merged, key)).toBe(their);
          expect(steps.includes(key)).toBe(my !== before && their !== before && my !== their);
        }
        // Unless it is in conflict, the result does not depend on who saves first.
        const other = mergePaths(was, mine, theirs);
        const sorted = (one: Path) => one.steps.map(({ key, note }) => key + note).sort();
        if (steps.length === 0) expect(sorted(other.merged)).toEqual(sorted(merged));
      }),
    );
  });
});
