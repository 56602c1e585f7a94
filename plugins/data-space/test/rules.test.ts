import { readdir, readFile } from 'node:fs/promises';
import { measures } from '@ilearn/plugin-cube';
import { describe, expect, test } from 'vitest';
import { messages } from '../dist/protocol/messages.js';
import { negotiationMoves, transferMoves } from '../dist/protocol/states.js';
import { riskOfFigures } from '../dist/releases/open-risk.js';
import { drawAnswer } from '../dist/research/answer.js';
import { scaleOf } from '../dist/research/question.js';
import { BoundedSums } from '../dist/statistics/contributions.js';
import { bernoulliExp, discreteLaplace, halfWidth95 } from '../dist/statistics/discrete-laplace.js';
import { KeepProbabilities } from '../dist/statistics/partition-selection.js';
import { sample, uniformBelow } from '../dist/statistics/random.js';
import { expBelow, one } from '../dist/statistics/rational.js';
import { riskOf } from '../dist/statistics/risk.js';

const long = process.env['ILEARN_LONG_TESTS'] === '1';
const draws = long ? 120_000 : 12_000;
/** So many standard deviations from what is expected; a right sampler is refused once in 500 million times. */
const z = 6;

type Sampler = (scale: { num: bigint; den: bigint }) => bigint;
const scales = [
  { num: 1n, den: 2n },
  { num: 1n, den: 1n },
  { num: 2n, den: 1n },
  { num: 3n, den: 1n },
];
const ratioOf = ({ num, den }: { num: bigint; den: bigint }) => Math.exp(-Number(den) / Number(num));

function drawnFrom(sampler: Sampler, scale: { num: bigint; den: bigint }, count = draws): Map<number, number> {
  const seen = new Map<number, number>();
  for (let n = 0; n < count; n++) {
    const value = Number(sampler(scale));
    seen.set(value, (seen.get(value) ?? 0) + 1);
  }
  return seen;
}

const within = (seen: number, count: number, expected: number) =>
  Math.abs(seen / count - expected) <= z * Math.sqrt((expected * (1 - expected)) / count);

/** The checks of OpenDP's suite; names of those that a sampler fails. */
function faultsOf(sampler: Sampler): string[] {
  const faults: string[] = [];
  for (const scale of scales) {
    const a = ratioOf(scale);
    const zero = (1 - a) / (1 + a);
    const seen = drawnFrom(sampler, scale);
    const name = (what: string) => faults.push(`${what} at scale ${scale.num}/${scale.den}`);
    if (!within(seen.get(0) ?? 0, draws, zero)) name('P(0)');
    let squares = 0;
    for (const [value, count] of seen) squares += value * value * count;
    const variance = (2 * a) / (1 - a) ** 2;
    // The fourth moment of a Laplace distribution is 6 times its squared variance; the discrete one has a little more.
    if (Math.abs(squares / draws - variance) > z * Math.sqrt((7 * variance ** 2 + variance) / draws)) name('variance');
    for (const t of [1, 2, 4]) {
      let tail = 0;
      for (const [value, count] of seen) if (Math.abs(value) >= t) tail += count;
      if (!within(tail, draws, (2 * zero * a ** t) / (1 - a))) name(`tail from ${t}`);
    }
    for (let k = 1; k <= 9; k++) {
      const [up, down] = [seen.get(k) ?? 0, seen.get(-k) ?? 0];
      if (Math.abs(up - down) > z * Math.sqrt(up + down + 1)) name(`symmetry at ${k}`);
    }
    let chi = 0;
    let rest = draws;
    let restExpected = draws;
    let cells = 0;
    for (let k = -9; k <= 9; k++) {
      const expected = draws * zero * a ** Math.abs(k);
      restExpected -= expected;
      rest -= seen.get(k) ?? 0;
      if (expected < 5) continue;
      chi += ((seen.get(k) ?? 0) - expected) ** 2 / expected;
      cells++;
    }
    if (restExpected >= 5) chi += (rest - restExpected) ** 2 / restExpected;
    // Mean and standard deviation of χ².
    if (chi > cells + z * Math.sqrt(2 * cells)) name('χ²');
  }
  return faults;
}

describe('discrete Laplace', () => {
  test('has the distribution that is proved of it', () => {
    expect(faultsOf(discreteLaplace)).toEqual([]);
    expect([...drawnFrom(discreteLaplace, { num: 0n, den: 1n }, 100)]).toEqual([[0, 100]]);
  });

  test('the checks refuse broken samplers', () => {
    const rounded: Sampler = ({ num, den }) => {
      const u = Math.random() - 0.5;
      return BigInt(Math.round((-Number(num) / Number(den)) * Math.sign(u) * Math.log(1 - 2 * Math.abs(u))));
    };
    expect(faultsOf(rounded), 'a Laplace distribution on floating-point numbers, rounded').not.toEqual([]);
    const twice: Sampler = (scale) => {
      const value = discreteLaplace(scale);
      return value === 0n || uniformBelow(2n) === 0n ? value : value < 0n ? -value : value;
    };
    expect(faultsOf(twice), 'one sign more often').not.toEqual([]);
    const narrow: Sampler = ({ num, den }) => discreteLaplace({ num: num * 1_000n, den: den * 1_175n });
    expect(faultsOf(narrow), 'noise for a sensitivity that is 1.175 times too small').not.toEqual([]);
  });

  test.each([2n ** 30n, 65_537n, 1_000_003n])('e^−(x + y) is e^−x · e^−y with denominator %s', (den) => {
    const [x, y] = [den / 3n, (den * 6n) / 7n];
    const count = draws / 2;
    let both = 0;
    let sum = 0;
    for (let n = 0; n < count; n++) {
      if (bernoulliExp({ num: x, den }) && bernoulliExp({ num: y, den })) both++;
      if (bernoulliExp({ num: x + y, den })) sum++;
    }
    const expected = Math.exp(-Number(x + y) / Number(den));
    expect(within(both, count, expected)).toBe(true);
    expect(within(sum, count, expected)).toBe(true);
  });

  test('the expected error holds in 95 of 100 cases', () => {
    for (const scale of scales) {
      const most = halfWidth95(scale);
      let inside = 0;
      for (const [value, count] of drawnFrom(discreteLaplace, scale, 4_000)) if (Math.abs(value) <= most) inside += count;
      expect(inside / 4_000).toBeGreaterThan(0.93);
    }
  });
});

/** How often an answer is at most `limit`, for pupils who did these amounts. */
async function shareUpTo(limit: number, asked: Parameters<typeof drawAnswer>[0], pupils: number[], count: number) {
  let below = 0;
  for (let n = 0; n < count; n++) {
    const groups = await drawAnswer(
      asked,
      pupils.map((amount) => [['limburg', amount]] as [string, number][]),
    );
    if ((groups.find(({ group }) => group === 'limburg')?.value ?? 0) <= limit) below++;
  }
  return below / count;
}

describe('differential privacy of an answer', () => {
  // ε = ln 3, as in the tests of Google's library.
  const asked = {
    ...{ measure: 'launches', by: 'region', grain: 'month', startsOn: '2026-09-01', groups: 1 },
    ...{ most: 40, epsilon: 1_098_612_288, delta: 0 },
  } as const;
  const count = long ? 200_000 : 1_500;
  const excess = async (tried: Parameters<typeof drawAnswer>[0], amount: number) =>
    (await shareUpTo(0, tried, [], count)) - 3 * (await shareUpTo(0, tried, [amount], count));
  const tolerance = (z * Math.sqrt(0.25 + 9 * 0.14)) / Math.sqrt(count);

  test('one pupil more or less changes no probability by more than e^ε, however much they did', async () => {
    expect(await excess(asked, 40)).toBeLessThan(tolerance);
    expect(await excess(asked, 90_000), 'an outlier is clamped').toBeLessThan(tolerance);
  });

  test('the check refuses a bound that is broken', async () => {
    const broken = { ...asked, most: 40 * 4 };
    const share = async (pupils: number[]) => {
      let below = 0;
      for (let n = 0; n < count; n++) {
        const true_ = pupils.reduce((sum, each) => sum + Math.min(each, broken.most), 0);
        if (BigInt(true_) + discreteLaplace({ num: 40_000_000_000n, den: 1_098_612_288n }) <= 0n) below++;
      }
      return below / count;
    };
    expect((await share([])) - 3 * (await share([160]))).toBeGreaterThan(tolerance);
  });

  test.each([
    [1, 1],
    [3, 1],
    [1, 40],
    [5, 20],
  ])('noise for %i groups of at most %i', (groups, most) => {
    const tried = { ...asked, groups, most, epsilon: 1_000_000_000 } as const;
    expect(scaleOf(tried)).toEqual({ num: BigInt(groups * most) * 1_000_000_000n, den: 1_000_000_000n });
    // Half of ε pays for the names of tools.
    expect(scaleOf({ ...tried, by: 'tool', delta: 100 }).den).toBe(500_000_000n);
  });

  test('groups that are public are all told, with noise, also where nobody is', async () => {
    const groups = await drawAnswer(asked, []);
    expect(groups.map(({ group }) => group)).toEqual(
      expect.arrayContaining([
        'unknown',
        'antwerpen',
        'limburg',
        'oost-vlaanderen',
        'vlaams-brabant',
        'west-vlaanderen',
        'brussel',
      ]),
    );
  });

  test('a tool that one pupil used is as good as never named, a tool of many is', async () => {
    const tools = { ...asked, measure: 'pupils', by: 'tool', most: 1, groups: 2, delta: 100 } as const;
    for (let n = 0; n < 300; n++) expect(await drawAnswer(tools, [[['rare', 1]]])).toEqual([]);
    const many = Array.from({ length: 400 }, () => [['maths', 3]] as [string, number][]);
    expect((await drawAnswer(tools, many)).map(({ group }) => group)).toEqual(['maths']);
  });
});

describe('naming groups', () => {
  const near = (probability: bigint, expected: number) =>
    expect(Number((probability * 10n ** 12n) / one) / 1e12).toBeCloseTo(expected, 9);
  /** A number with 12 decimals. */
  const of = (value: number) => ({ num: BigInt(Math.round(value * 1e15)), den: 10n ** 15n });

  test.each([
    [Math.LN2, 0.1, [0.1, 0.3, 0.7, 0.9, 1]],
    [Math.log(1.5), 0.1, [0.1, 0.25, 0.475, 0.716667, 0.877778, 0.985185, 1]],
  ])('with ε %d and δ %d', (epsilon, delta, expected) => {
    expect(new KeepProbabilities(of(epsilon), of(delta)).of(0)).toBe(0n);
    for (const [at, each] of expected.entries()) {
      const kept = Number((new KeepProbabilities(of(epsilon), of(delta)).of(at + 1) * 10n ** 12n) / one) / 1e12;
      expect(kept).toBeCloseTo(each, 5);
    }
  });

  test('with ε 0.5 and δ 0.02', () => {
    near(new KeepProbabilities(of(0.5), of(0.02)).of(6), 0.58840484458);
    near(new KeepProbabilities(of(0.5), of(0.02)).of(8), 0.86807080625);
    near(new KeepProbabilities(of(0.5), of(0.02)).of(15), 1);
    // One after the other, as for the groups of an answer.
    const continued = new KeepProbabilities(of(0.5), of(0.02));
    for (const people of [1, 6, 6, 8]) expect(continued.of(people)).toBe(new KeepProbabilities(of(0.5), of(0.02)).of(people));
    expect(() => continued.of(7)).toThrow(RangeError);
  });

  test('e^x is never rounded up', () => {
    for (const x of [0.001, 0.5, 1, 3]) {
      const found = Number((expBelow(of(x)) * 10n ** 15n) / one) / 1e15;
      expect(found).toBeCloseTo(Math.exp(x), 9);
    }
    // e to 50 places: 2.71828182845904523536028747135266249775724709369995
    const e = 271828182845904523536028747135266249775724709369996n;
    expect(expBelow({ num: 1n, den: 1n }) * 10n ** 50n).toBeLessThan(e * one);
  });
});

describe('bounds of a contribution', () => {
  test('hold for everything that one pupil did, from all schools together', () => {
    const bounded = new BoundedSums({ groups: 2, most: 5 });
    bounded.addPerson([
      ['a', 4],
      ['a', 4],
      ['b', 1],
      ['c', 90],
    ]);
    const told = [...bounded.sums.values()].map(({ value }) => Number(value));
    expect(told.length).toBe(2);
    expect(told.reduce((sum, each) => sum + each)).toBeLessThanOrEqual(10);
  });

  test('which groups count is random, whatever the amounts', () => {
    const seen = new Map<string, number>();
    for (let n = 0; n < 3_000; n++) for (const each of sample(['a', 'b', 'c'], 1)) seen.set(each, (seen.get(each) ?? 0) + 1);
    for (const each of ['a', 'b', 'c']) expect(within(seen.get(each) ?? 0, 3_000, 1 / 3)).toBe(true);
  });

  test.each([0, -1, 1.5, Number.NaN])('a bound of %d is refused', (most) => {
    expect(() => new BoundedSums({ groups: 1, most })).toThrow(RangeError);
  });

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('an amount of %d is refused', (amount) => {
    expect(() => new BoundedSums({ groups: 1, most: 1 }).addPerson([['a', amount]])).toThrow(RangeError);
  });
});

test('risks are counted as ARX counts them', () => {
  // Seven rows, each different: the average risk is 1. As classes of 2, 2 and 3 it is 3/7.
  const alone = Array.from({ length: 7 }, () => ({ sample: 1, population: 1 }));
  expect(riskOf(alone)).toEqual({ prosecutor: 1, journalist: 1, marketer: 1, singledOut: 7 });
  const classes = [2, 2, 3].map((size) => ({ sample: size, population: size }));
  expect(riskOf(classes)).toMatchObject({ prosecutor: 0.5, journalist: 0.5, singledOut: 0 });
  expect(riskOf(classes).marketer).toBeCloseTo(3 / 7);
});

test('a figure about one person is found, even if the suppression of the cube had failed', () => {
  const figure = (value: number | null, measure = 'pupils') =>
    ({ measure, value, startsOn: '2026-09-01', place: '', item: '', itemName: '', mark: 'shown' }) as const;
  expect(riskOfFigures([figure(120), figure(null), figure(0)])).toMatchObject({ prosecutor: 1 / 118, singledOut: 0 });
  expect(riskOfFigures([figure(120), figure(5)])).toMatchObject({ prosecutor: 1 / 3, singledOut: 0 });
  expect(riskOfFigures([figure(120), figure(1)]).singledOut).toBe(1);
  expect(riskOfFigures([figure(1, 'launches')]).singledOut, 'counts no people').toBe(0);
});

test.each(['nl', 'en', 'fr'])('%s has the texts of these pages', async (language) => {
  const folder = new URL('../src/pages/', import.meta.url);
  const texts = JSON.parse(await readFile(new URL(`../messages/${language}.json`, import.meta.url), 'utf8'));
  const files = [new URL('../src/index.ts', import.meta.url), ...(await readdir(folder)).map((name) => new URL(name, folder))];
  const source = (await Promise.all(files.filter(({ href }) => href.endsWith('.ts')).map((file) => readFile(file, 'utf8')))).join(
    '',
  );
  const written = [...source.matchAll(/'((?:open|steward|partners|preview|form|actions)\.[\w.]+)'/g)].map(
    ([, key]) => key as string,
  );
  expect(written.length).toBeGreaterThan(40);
  const states = [...Object.values(negotiationMoves), ...Object.values(transferMoves)].map(({ to }) => `partners.state.${to}`);
  const computed = [
    ...[...states, 'partners.state.REQUESTED', 'partners.organisation', 'partners.participant'],
    ...['agree', 'finalize', 'terminate', 'endAgreement', 'start', 'suspend', 'endTransfer'].map(
      (move) => `partners.move.${move}`,
    ),
    ...['pupils', 'launches', 'steps-done', ...measures.map(({ id }) => id)].map((id) => `measures.${id}`),
    ...['draft', 'approved', 'preparing', 'published', 'withdrawn'].map((state) => `state.${state}`),
    ...['look', 'approve', 'publish', 'drop', 'next', 'withdraw'].map((act) => `steward.${act}`),
    ...['shown', 'small', 'hidden', 'withheld', 'prosecutor', 'marketer', 'singledOut'].map((row) => `preview.${row}`),
    ...['titleLabel', 'description', 'tier', 'by', 'grain', 'from', 'to', 'startsOn', 'groups', 'most', 'epsilon'].map(
      (field) => `form.${field}`,
    ),
    ...['tier.open', 'tier.research', 'by.all', 'by.region', 'by.level', 'by.tool', 'grain.week', 'grain.month', 'grain.year'],
    ...['child', 'pupil', 'parent', 'teacher'].map((reader) => `privacy.statement.${reader}`),
  ];
  for (const key of [...written, ...computed])
    expect(
      key.split('.').reduce((at, step) => at?.[step], texts),
      key,
    ).toBeTypeOf('string');
});

describe('messages of the protocol', () => {
  const context = { '@context': ['https://w3id.org/dspace/2025/1/context.jsonld'] };
  const pids = { consumerPid: 'urn:x:1', providerPid: 'urn:x:2' };
  const callbackAddress = 'https://consumer.example/';
  const offer = { '@id': 'urn:x:3', '@type': 'Offer', target: 'urn:x:4', permission: [{ action: 'use' }] };
  /** What the JSON Schemas of 2025-1 require of each message of a consumer, beside context and type. */
  const required = {
    catalogRequest: ['CatalogRequestMessage', {}],
    contractRequest: ['ContractRequestMessage', { consumerPid: 'urn:x:1', offer, callbackAddress }],
    counterOffer: ['ContractRequestMessage', { ...pids, offer }],
    negotiationEvent: ['ContractNegotiationEventMessage', { ...pids, eventType: 'ACCEPTED' }],
    verification: ['ContractAgreementVerificationMessage', pids],
    negotiationTermination: ['ContractNegotiationTerminationMessage', pids],
    transferRequest: [
      'TransferRequestMessage',
      { agreementId: 'urn:x:5', format: 'HttpData-PULL', callbackAddress, consumerPid: 'urn:x:1' },
    ],
    transferStart: ['TransferStartMessage', pids],
    transferSuspension: ['TransferSuspensionMessage', pids],
    transferCompletion: ['TransferCompletionMessage', pids],
    transferTermination: ['TransferTerminationMessage', pids],
  } as const;

  test.each(Object.entries(required))('%s has all that it must have, and may have more', (name, [type, members]) => {
    const accepts = (message: object) => messages[name as keyof typeof messages].safeParse(message).success;
    const whole: Record<string, unknown> = { ...context, '@type': type, ...members };
    expect(accepts(whole)).toBe(true);
    expect(accepts({ ...whole, 'https://example.org/more': 1 })).toBe(true);
    for (const member of Object.keys(whole)) {
      const { [member]: _, ...rest } = whole;
      expect(accepts(rest), `without ${member}`).toBe(false);
      for (const wrong of [null, 1, {}, []])
        expect(accepts({ ...whole, [member]: wrong }), `${member}: ${JSON.stringify(wrong)}`).toBe(false);
    }
    expect(accepts({ ...whole, '@context': ['https://w3id.org/dspace/2024/1/context.json'] })).toBe(false);
  });

  test('an offer is its id, or has terms and a type; no list of rules is empty', () => {
    const accepts = (edit: object) =>
      messages.contractRequest.safeParse({ ...context, '@type': 'ContractRequestMessage', ...pids, callbackAddress, offer: edit })
        .success;
    expect(accepts({ '@id': 'urn:x:3' })).toBe(true);
    expect(accepts({ ...offer, '@type': undefined }), 'terms without a type').toBe(false);
    for (const wrong of [{ permission: [] }, { prohibition: [] }, { permission: [{}] }, { permission: {} }, { '@type': 'Set' }])
      expect(accepts({ ...offer, ...wrong }), JSON.stringify(wrong)).toBe(false);
  });

  test('reasons are a list that is not empty', () => {
    const ended = { ...context, '@type': 'TransferTerminationMessage', ...pids };
    expect(messages.transferTermination.safeParse({ ...ended, code: 'x', reason: ['x', {}] }).success).toBe(true);
    for (const reason of [[], 'x', [1]]) expect(messages.transferTermination.safeParse({ ...ended, reason }).success).toBe(false);
  });
});
