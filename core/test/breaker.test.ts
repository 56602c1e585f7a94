import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Breaker } from '../dist/plugins/breaker.js';
import { hashCaller, networkOf } from '../dist/plugins/caller.js';

const SECOND = 1_000;

/** A breaker with a clock of the test's own. */
function breaker(places = 1) {
  const clock = { at: 0 };
  const one = new Breaker(() => clock.at, places);
  const call = (failed: boolean, caller = 'a', place = '') => {
    const passage = one.enter(() => caller);
    return passage === null ? 'refused' : (one.record(passage, failed, () => caller, place) ?? 'passed');
  };
  /** Each of so many callers twice. */
  const callers = (failed: boolean, count: number, name = 'c') =>
    Array.from({ length: 2 * count }, (_, index) => call(failed, `${name}${index % count}`)).at(-1);
  return { clock, one, call, callers };
}

describe('a circuit breaker', () => {
  test('opens at the tenth counted failure, from five callers', () => {
    const { call, callers } = breaker();
    expect(callers(true, 4)).toBe('passed');
    expect(call(true, 'e')).toBe('passed');
    expect(call(true, 'e')).toBe('opened');
    expect(call(false)).toBe('refused');
  });

  test('opens only if half of the observed calls failed', () => {
    const { call, callers } = breaker();
    call(true, 'c0');
    callers(false, 6, 'well');
    for (let round = 0; round < 30; round++) expect(callers(true, 5)).toBe('passed');
    expect(callers(true, 1, 'x')).toBe('opened');
  });

  test('forgets failures of more than a minute ago', () => {
    const { clock, call, callers } = breaker();
    callers(true, 4);
    clock.at = 61 * SECOND;
    expect(callers(true, 4, 'd')).toBe('passed');
    expect(call(true, 'e')).toBe('passed');
    expect(call(true, 'e')).toBe('opened');
  });

  test('lets one trial call through after half a minute, whose result decides', () => {
    const { clock, one, call, callers } = breaker();
    callers(true, 5);
    clock.at = 29 * SECOND;
    expect([call(false), one.restMs]).toEqual(['refused', SECOND]);
    clock.at = 30 * SECOND;
    expect(one.enter(() => 'a')).toBe('trial');
    // A second while the first is under way.
    expect(one.enter(() => 'b')).toBeNull();
    expect([one.record('trial', true, () => 'a'), one.restMs]).toEqual([null, 30 * SECOND]);
    clock.at = 60 * SECOND;
    expect(call(false, 'b')).toBe('closed');
    expect(callers(true, 4)).toBe('passed');
  });

  test('is not affected by calls that began before it opened, even during a trial, nor by a trial without a result', () => {
    const { clock, one, call, callers } = breaker();
    const early = one.enter(() => 'a') as 'ordinary';
    callers(true, 5);
    expect([one.record(early, false, () => 'a'), one.open]).toEqual([null, true]);
    clock.at = 30 * SECOND;
    expect(one.enter(() => 'a')).toBe('trial');
    expect([one.record(early, false, () => 'a'), one.open]).toEqual([null, true]);
    one.forget('trial');
    expect(one.open).toBe(true);
    expect(call(false)).toBe('closed');
  });

  test('gives the next trial to a different caller than the one that failed, who waits twice as long', () => {
    const { clock, call, callers } = breaker();
    callers(true, 5);
    clock.at = 30 * SECOND;
    expect(call(true, 'evil')).toBe('passed');
    clock.at = 61 * SECOND;
    expect(call(true, 'evil')).toBe('refused');
    expect(call(false, 'good')).toBe('closed');
  });

  test('of a plugin opens only if failures occur in three places', () => {
    const one = breaker(3);
    for (const place of ['x', 'y']) for (let caller = 0; caller < 20; caller++) one.call(true, `c${caller}`, place);
    expect(one.one.open).toBe(false);
    for (let caller = 0; caller < 20; caller++) one.call(true, `d${caller}`, 'z');
    expect(one.one.open).toBe(true);
  });
});

/** Calls of a few, in any order and at any pace. */
const calls = (callers: number) =>
  fc.array(fc.record({ caller: fc.nat(callers - 1), failed: fc.boolean(), wait: fc.nat(5_000), place: fc.nat(5) }), {
    maxLength: 300,
  });

describe('for all sequences of calls', () => {
  test.each([1, 4])('%i callers never open a breaker for others, even if each of their calls fails', (count) => {
    fc.assert(
      fc.property(calls(count), fc.boolean(), fc.constantFrom(1, 3), (list, always, places) => {
        const { clock, one, call } = breaker(places);
        for (const { caller, failed, wait, place } of list) {
          clock.at += wait;
          call(always || failed, `c${caller}`, `p${place}`);
        }
        expect([one.open, call(false, 'another')]).toEqual([false, 'passed']);
      }),
      { numRuns: 300 },
    );
  });

  test('one caller adds at most two failures to those of others', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(3), (flood, others) => {
        const { one, call, callers } = breaker();
        if (others > 0) callers(true, others);
        for (let time = 0; time < flood; time++) call(true, 'evil');
        expect(one.open).toBe(false);
      }),
    );
  });

  test('five or more callers whose calls all fail open it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 200 }), fc.integer({ min: 2, max: 5 }), (count, each) => {
        const { one, call } = breaker();
        for (let time = 0; time < each; time++) for (let caller = 0; caller < count; caller++) call(true, `c${caller}`);
        expect(one.open).toBe(true);
      }),
    );
  });
});

test('an address counts as its network, and the stored value does not reveal it', () => {
  expect(networkOf('203.0.113.9')).toBe('203.0.113.9');
  expect(networkOf('::ffff:203.0.113.9')).toBe('203.0.113.9');
  const household = ['2001:db8:1:2::1', '2001:0DB8:0001:0002:aaaa::', '2001:db8:1:2:ffff:ffff:ffff:ffff'];
  expect(new Set(household.map(networkOf))).toEqual(new Set(['2001:db8:1:2']));
  expect(networkOf('2001:db8::1')).toBe('2001:db8:0:0');
  expect(networkOf('::1')).toBe('0:0:0:0');
  expect(hashCaller('203.0.113.9')).toMatch(/^[\w-]{16}$/);
  expect(hashCaller('a')).toBe(hashCaller('a'));
});
