import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const libraries = ['/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1', '/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1'];
export const DAY_MS = 86_400_000;

/** What a process runs with whose clock is so many days off: everywhere by a `Date` that is shifted, and by libfaketime where it is there. */
export function shiftedClocks(days: number): [way: string, environment: Record<string, string>][] {
  const preload = join(mkdtempSync(join(tmpdir(), 'ilearn-clock-')), 'shift.mjs');
  writeFileSync(
    preload,
    `const shift = ${days * DAY_MS};
     const Real = Date;
     globalThis.Date = class Date extends Real {
       constructor(...given) { if (given.length === 0) super(Real.now() + shift); else super(...given); }
       static now() { return Real.now() + shift; }
     };`,
  );
  const library = libraries.find((file) => existsSync(file));
  const faketime = {
    LD_PRELOAD: library as string,
    FAKETIME: `${days > 0 ? '+' : ''}${days}d`,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
  return [
    ['a shifted Date', { NODE_OPTIONS: `--import=${pathToFileURL(preload).href}` }],
    ...(library === undefined ? [] : [['libfaketime', faketime] as [string, Record<string, string>]]),
  ];
}

const Real = Date;

/** Shifts `Date` in this process, until it is called with 0. */
export function shiftDate(ms: number): void {
  if (ms === 0) {
    globalThis.Date = Real;
    return;
  }
  globalThis.Date = class extends Real {
    constructor(...given: any[]) {
      if (given.length === 0) super(Real.now() + ms);
      else super(...(given as [number]));
    }
    static override now() {
      return Real.now() + ms;
    }
  } as DateConstructor;
}
