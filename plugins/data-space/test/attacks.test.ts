import { describe, expect, test } from 'vitest';
import { rowOf } from '../dist/microdata/microdata.js';
import { microdataCsv, microdataHead } from '../dist/releases/csv.js';
import { definition } from '../dist/releases/definition.js';
import { drawAnswer } from '../dist/research/answer.js';
import { type Row, safeRows } from '../dist/statistics/microdata.js';
import { sample, uniformBelow } from '../dist/statistics/random.js';

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

describe('linking by the set of tools, as in the edX data', () => {
  const tools = 'maths music maps code words art physics puzzles stories stars plants past money signs'.split(' ');
  const below = (bound: number) => Number(uniformBelow(BigInt(bound)));
  const all = Array.from({ length: 400 }, () => ({
    region: ['limburg', 'antwerpen'][below(2)] as string,
    opened: new Map(sample(tools, 5).map((tool) => [tool, [1, 3, 7, 30][below(4)] as number])),
  }));
  type Who = (typeof all)[number];
  /** What a friend of a pupil knows: where they go to school, and four tools that they used. */
  const knownOf = ({ region, opened }: Who) => ({ region, seen: [...opened.keys()].slice(0, 4) });

  test('finds many pupils where a row has all tools of a pupil', () => {
    const unique = all.filter((who) => {
      const { region, seen } = knownOf(who);
      return all.filter((row) => row.region === region && seen.every((tool) => row.opened.has(tool))).length === 1;
    });
    expect(unique.length / all.length).toBeGreaterThan(0.1);
  });

  test('finds nobody in what is released: rows of one tool, which nothing joins', () => {
    const tables = new Map(
      tools.map((tool) => {
        const defined = { tier: 'microdata', tool, by: 'region', grain: 'month', startsOn: '2026-09-01', k: 10, l: 2 } as const;
        const rows = all.flatMap(
          ({ region, opened }) => rowOf(opened.has(tool) ? [[region, opened.get(tool) as number]] : []) ?? [],
        );
        const lines = microdataCsv(defined, safeRows(rows, defined)).trim().split('\r\n').slice(1);
        return [tool, lines.map((line) => line.split(';'))];
      }),
    );
    // What two tables share is the same for every pupil of a place: no id, no day, no other tool.
    const joins = microdataHead.filter((name) => !['tool', 'times_opened'].includes(name));
    expect(joins).toEqual(['period', 'starts_on', 'by', 'group']);
    for (const who of all) {
      const { region, seen } = knownOf(who);
      for (const tool of seen) {
        const candidates = (tables.get(tool) as string[][]).filter((line) => line[4] === region);
        expect(candidates.length === 0 || candidates.length >= 10).toBe(true);
        // Nor is it all but sure how often the pupil opened the tool.
        for (const band of new Set(candidates.map((line) => line[5])))
          expect(candidates.filter((line) => line[5] === band).length / candidates.length).toBeLessThanOrEqual(0.8);
      }
    }
    expect([...tables.values()].flat().length).toBeGreaterThan(1_000);
  });
});

describe('downcoding', () => {
  const people = [...Array.from({ length: 12 }, () => 'limburg'), ...Array.from({ length: 11 }, () => 'antwerpen'), 'brussel'];
  const counts = (region: string) => people.filter((each) => each === region).length;

  test('undoes a generalisation that is as small as possible', () => {
    const weak = people.map((region) => (counts(region) >= 10 ? region : '*'));
    expect(weak).toContain('*');
    const possible = ['limburg', 'antwerpen', 'brussel'].filter((region) => !weak.includes(region));
    expect(possible, 'the row without a region can only be of Brussels').toEqual(['brussel']);
  });

  test('finds nothing to undo where all rows have the same level, and others are dropped', () => {
    const rows = people.map((region, at) => ({ known: [region], sensitive: `${at % 3}` }));
    expect(new Set(safeRows(rows, { k: 10, l: 2 }).flatMap(({ known }) => known))).toEqual(new Set(['limburg', 'antwerpen']));
    const coarse = rows.map(({ sensitive }) => ({ known: [''], sensitive }));
    expect(safeRows(coarse, { k: 10, l: 2 }), 'at a coarser level every row has it').toHaveLength(24);
  });

  test('a class that all or nearly all share one value is dropped, whatever its size', () => {
    const rows = (values: string[]): Row[] => values.map((sensitive) => ({ known: ['limburg'], sensitive }));
    const same = Array.from({ length: 40 }, () => '25+');
    expect(safeRows(rows(same), { k: 10, l: 2 })).toEqual([]);
    expect(safeRows(rows([...same, '1', '1', '1']), { k: 10, l: 2 }), 'two values, of which one is all but certain').toEqual([]);
    expect(safeRows(rows([...same, ...Array.from({ length: 10 }, () => '1')]), { k: 10, l: 2 })).toHaveLength(50);
    for (const bad of [
      { k: 1, l: 1 },
      { k: 2, l: 3 },
      { k: 2.5, l: 2 },
    ])
      expect(() => safeRows(rows(same), bad)).toThrow(RangeError);
  });
});

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
    for (const name of [...openHead, ...researchHead, ...microdataHead])
      expect(name).not.toMatch(/share|percent|mean|median|average|rate/);
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
