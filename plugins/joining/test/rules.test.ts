import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { entryStates, entryTransitions, keptDays, transitionOf } from '../dist/waiting-list/states.js';

const document = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'joining.md'), 'utf8');

/** Rows of the table below a heading, without its head. */
function rowsBelow(heading: string): string[] {
  const section = document.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const table = section.split('\n\n').find((part) => part.trim().startsWith('|')) ?? '';
  return table.trim().split('\n').slice(2);
}

test('a guest holds the permissions to teach, and none that reaches anybody outside the sandbox', async () => {
  const folder = join(import.meta.dirname, '..', '..');
  const permissions = await Promise.all(
    readdirSync(folder).map(async (name): Promise<Record<string, readonly string[]>> => {
      const plugin = await import(pathToFileURL(join(folder, name, 'dist', 'index.js')).href);
      return plugin.default.permissions ?? {};
    }),
  );
  const held = permissions.flatMap((each) => Object.keys(each).filter((name) => each[name]?.includes('guest-teacher')));
  expect(held.sort()).toEqual([
    'class:read',
    'group:remove',
    'group:write',
    'library:open-material',
    'library:read',
    'library:write',
    'path:assign',
    'path:read',
    'path:walk',
    'path:write',
    'people:read',
    'progress:read',
  ]);
});

test('docs/joining.md shows every transition of an entry', () => {
  const rows = entryTransitions.map(({ action, from, to, by, letter }) => {
    const froms = (from as readonly (string | null)[]).map((each) => (each === null ? '–' : `\`${each}\``)).join(', ');
    return `| \`${action}\` | ${froms} | \`${to}\` | ${by} | ${letter ?? ''} |`.replace(/ {2}\|/g, ' |');
  });
  expect(rowsBelow('States of an entry')).toEqual(rows);
});

test('docs/joining.md shows how long an entry is kept in each state', () => {
  const rows = entryStates.map((state) => `| \`${state}\` | ${keptDays[state]} |`);
  expect(rowsBelow('How long entries are kept')).toEqual(rows);
});

test('every state is reached, every action leads from a state once, and what ends stays ended', () => {
  const reached = new Set<string>(entryTransitions.map(({ to }) => to));
  expect(entryStates.filter((state) => !reached.has(state))).toEqual([]);
  for (const { action, from } of entryTransitions) {
    for (const state of [null, ...entryStates]) {
      const fits = (from as readonly (string | null)[]).includes(state);
      expect(transitionOf(action, state) !== undefined, `${action} from ${state}`).toBe(fits);
    }
  }
  const left = new Set<string | null>(entryTransitions.flatMap(({ from }) => [...(from as readonly (string | null)[])]));
  expect(entryStates.filter((state) => !left.has(state))).toEqual(['joined', 'withdrawn']);
});
