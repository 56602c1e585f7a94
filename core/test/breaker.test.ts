import { describe, expect, test } from 'vitest';
import { Breaker } from '../dist/plugins/breaker.js';

const SECOND = 1_000;

/** A breaker with a clock of the test's own. */
function breaker() {
  const clock = { at: 0 };
  const one = new Breaker(() => clock.at);
  const call = (failed: boolean) => (one.enter() ? (one.record(failed) ?? 'passed') : 'refused');
  const calls = (failed: boolean, times: number) => Array.from({ length: times }, () => call(failed)).at(-1);
  return { clock, one, call, calls };
}

describe('a circuit breaker', () => {
  test('stays closed for nine failures, and opens at the tenth', () => {
    const { call, calls } = breaker();
    expect(calls(true, 9)).toBe('passed');
    expect(call(true)).toBe('opened');
    expect(call(false)).toBe('refused');
  });

  test('opens only where half of the last twenty calls fail', () => {
    const { call, calls } = breaker();
    for (let round = 0; round < 30; round++) {
      calls(false, 6);
      expect(calls(true, 4)).toBe('passed');
    }
    expect(call(true)).toBe('passed');
    expect(call(true)).toBe('opened');
  });

  test('forgets failures of more than a minute ago', () => {
    const { clock, call, calls } = breaker();
    calls(true, 9);
    clock.at = 61 * SECOND;
    expect(calls(true, 9)).toBe('passed');
    expect(call(true)).toBe('opened');
  });

  test('lets one trial through after half a minute, which decides', () => {
    const { clock, one, call, calls } = breaker();
    calls(true, 10);
    clock.at = 29 * SECOND;
    expect([call(false), one.restMs]).toEqual(['refused', SECOND]);
    clock.at = 30 * SECOND;
    expect(one.enter()).toBe(true);
    // A second while the first is under way.
    expect(one.enter()).toBe(false);
    expect([one.record(true), one.restMs]).toEqual([null, 30 * SECOND]);
    clock.at = 60 * SECOND;
    expect(call(false)).toBe('closed');
    expect(calls(true, 9)).toBe('passed');
  });

  test('is not decided by calls that began before it opened, nor by a trial that says nothing', () => {
    const { clock, one, call, calls } = breaker();
    one.enter();
    calls(true, 10);
    expect([one.record(false), one.open]).toEqual([null, true]);
    clock.at = 30 * SECOND;
    expect(one.enter()).toBe(true);
    one.forget();
    expect(one.open).toBe(true);
    expect(call(false)).toBe('closed');
  });
});
