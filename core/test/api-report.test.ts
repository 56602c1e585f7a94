import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as core from '@ilearn/core';
import * as testing from '@ilearn/core/testing';
import { expect, test } from 'vitest';
// @ts-expect-error: a plain script without types
import * as script from '../scripts/api-report.mjs';

const { wantedReports, staleReports } = script as {
  wantedReports(): Map<string, string>;
  staleReports(wanted: Map<string, string>): string[];
};
const reports = wantedReports();

test('newcomer §5: the API report matches the built declarations; otherwise run npm run docs:api', () => {
  expect(staleReports(reports), 'stale: run npm run docs:api, and review the change as one of the contract').toEqual([]);
});

test('newcomer §5: the API report has every value that @ilearn/core exports at run time, and every name in its index', () => {
  const described = [...(reports.get('docs/api/core.md') ?? '').matchAll(/^### `(\w+)`$/gm)].map(([, name]) => name as string);
  expect(Object.keys({ ...core, ...testing }).filter((name) => !described.includes(name))).toEqual([]);
  const index = readFileSync(join(import.meta.dirname, '../../ui/src/index.ts'), 'utf8');
  const named = [...index.matchAll(/^export (?:type )?\{([^}]+)\}/gm)].flatMap(([, names]) =>
    (names as string).split(',').map((name) => name.trim().replace(/^type /, '')),
  );
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter((name) => !reports.get('docs/api/ui.md')?.includes(`### \`${name}\``))).toEqual([]);
});

test('newcomer §5: every exported name has a docstring', () => {
  for (const report of reports.values()) {
    expect([...report.matchAll(/^### `(\w+)`\n\n(?:The element .*\n\n)?```/gm)].map(([, name]) => name)).toEqual([]);
  }
});
