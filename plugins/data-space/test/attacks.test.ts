import { describe, expect, test } from 'vitest';
import { definition } from '../dist/releases/definition.js';
import { drawAnswer } from '../dist/research/answer.js';
import { uniformBelow } from '../dist/statistics/random.js';

/*
 * Published attacks on published data. Each succeeds on a publication that is weak on purpose, and fails on what the data space publishes.
 * Attacks on figures of the cube, such as complements over linked tables, are in plugins/cube/test/rules.test.ts.
 */

const asked = {
  ...{ measure: 'pupils', by: 'region', grain: 'month', startsOn: '2026-09-01', groups: 1, most: 1 },
  ...{ epsilon: 500_000_000, delta: 0 },
} as const;
const pupils = (count: number) => Array.from({ length: count }, () => [['limburg', 1]] as [string, number][]);
const answer = async (count: number) =>
  (await drawAnswer(asked, pupils(count))).find(({ group }) => group === 'limburg')?.value as number;

describe('reconstruction from count, mean and median', () => {
  const triples = function* () {
    for (let a = 1; a <= 125; a++) for (let b = a; b <= 125; b++) for (let c = b; c <= 125; c++) yield [a, b, c] as const;
  };

  test('leaves 30 of 333,375 triples of ages where they are published exactly', () => {
    let all = 0;
    let left = 0;
    for (const [a, b, c] of triples()) {
      all++;
      if (b === 30 && a + b + c === 3 * 44) left++;
    }
    expect({ all, left }).toEqual({ all: 333_375, left: 30 });
  });

  test('nothing can ask for a mean or a median, or for a sum without bounds', () => {
    const ask = (changes: object) => definition.safeParse({ tier: 'research', questions: [{ ...asked, ...changes }] }).success;
    expect(ask({})).toBe(true);
    for (const measure of ['mean', 'median', 'average', 'results']) expect(ask({ measure })).toBe(false);
    expect(ask({ measure: 'launches', most: undefined })).toBe(false);
    expect(ask({ groups: undefined })).toBe(false);
    expect(ask({ where: 'school = 1' }), 'no filters').toBe(false);
  });
});

describe('percentages back to counts', () => {
  /** Pairs of counts, of at most 30 people, that give a percentage with one decimal. */
  const countsOf = (percentage: string) => {
    const found: string[] = [];
    for (let all = 2; all <= 30; all++)
      for (let some = 1; some < all; some++) if (((100 * some) / all).toFixed(1) === percentage) found.push(`${some}/${all}`);
    return found;
  };

  test('gives the count where a percentage is published of a small group', () => {
    expect(countsOf(((100 * 3) / 29).toFixed(1))).toEqual(['3/29']);
  });

  test('no release has a percentage, and rounded counts fit many', async () => {
    const { openHead, researchHead } = await import('../dist/releases/csv.js');
    for (const name of [...openHead, ...researchHead]) expect(name).not.toMatch(/share|percent|mean|median|average|rate/);
    // 15 of 30, rounded to 5: from 13 to 17 of 28 to 32.
    const fits = new Set<string>();
    for (let some = 13; some <= 17; some++) for (let all = 28; all <= 32; all++) fits.add(((100 * some) / all).toFixed(1));
    expect(fits.size).toBeGreaterThan(20);
  });
});

describe('complements, averaging and trackers', () => {
  test('a difference of exact counts tells that a pupil left; one of answers does not', async () => {
    const exact = (count: number) => count;
    expect(exact(40) - exact(39)).toBe(1);
    let right = 0;
    const tries = 1_600;
    for (let n = 0; n < tries; n++) {
      const gone = uniformBelow(2n) === 1n;
      const guess = (await answer(40)) - (await answer(gone ? 39 : 40)) > 0;
      if (guess === gone) right++;
    }
    // With ε 0.5 it is 0.565, and 0.723 with noise three times too small; a coin has 0.5.
    expect(right / tries).toBeLessThan(0.65);
  });

  test('averaging finds the count where every question is answered anew', async () => {
    let sum = 0;
    for (let n = 0; n < 2_000; n++) sum += await answer(7);
    expect(Math.round(sum / 2_000), 'which is why an answer is drawn once: see data-space.test.ts').toBe(7);
  });

  test('a tracker cannot be asked: no question names a school, a class or a person', () => {
    for (const by of ['school', 'group', 'class', 'person']) {
      expect(definition.safeParse({ tier: 'research', questions: [{ ...asked, by }] }).success).toBe(false);
    }
  });
});
