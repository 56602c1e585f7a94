import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { coachingStates, coachingTransitions, openStates } from '../dist/coaching/states.js';
import { enrolmentStates, enrolmentTransitions, live } from '../dist/states.js';

const document = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'academy.md'), 'utf8');

/** Rows of the table below a heading, without its head. */
function rowsBelow(heading: string): string[] {
  const section = document.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const first =
    section
      .trim()
      .split('\n\n')
      .find((part) => part.startsWith('|')) ?? '';
  return first.split('\n').slice(2);
}

test('docs/academy.md shows every transition of a sign-up', () => {
  const rows = enrolmentTransitions.map(({ action, from, to, by, tell, calendar }) => {
    const froms = (from as readonly (string | null)[]).map((each) => (each === null ? '–' : `\`${each}\``)).join(', ');
    return `| \`${action}\` | ${froms} | \`${to}\` | ${by.join(', ')} | ${tell ?? ''} | ${calendar ?? ''} |`.replace(
      / {2}\|/g,
      ' |',
    );
  });
  expect(rowsBelow('Sign-ups')).toEqual(rows);
});

test('every state is reached, every live state is left, and a cancelled event is final', () => {
  const reached = new Set<string>(enrolmentTransitions.map(({ to }) => to));
  expect(enrolmentStates.filter((state) => !reached.has(state))).toEqual([]);
  const left = new Set<string | null>(enrolmentTransitions.flatMap(({ from }) => [...(from as readonly (string | null)[])]));
  expect(live.filter((state) => !left.has(state))).toEqual([]);
  for (const final of ['event_cancelled', 'cancelled', 'declined', 'lapsed']) expect(left.has(final)).toBe(false);
});

test('docs/academy.md shows every transition of a coaching, and every open state is left', () => {
  const rows = coachingTransitions.map(({ action, from, to, by, tells, reason }) => {
    const froms = (from as readonly (string | null)[]).map((each) => (each === null ? '–' : `\`${each}\``)).join(', ');
    return `| \`${action}\` | ${froms} | \`${to}\` | ${by.join(', ')} | ${tells.join(', ')} | ${reason ? 'yes' : ''} |`.replace(
      / {2}\|/g,
      ' |',
    );
  });
  expect(rowsBelow('Coaching')).toEqual(rows);
  const reached = new Set<string>(coachingTransitions.map(({ to }) => to));
  expect(coachingStates.filter((state) => !reached.has(state))).toEqual([]);
  const left = new Set<string | null>(coachingTransitions.flatMap(({ from }) => [...(from as readonly (string | null)[])]));
  expect(openStates.filter((state) => !left.has(state))).toEqual([]);
});
