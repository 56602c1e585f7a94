import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readExcerpts, readSteps } from './support/guide.js';

const docs = new URL('../../docs/', import.meta.url);

test('issue 12: the guide shows parts of the homework diary as they are', () => {
  const guide = fileURLToPath(new URL('guide.md', docs));
  const excerpts = readExcerpts(guide);
  expect(excerpts.length).toBeGreaterThan(8);
  for (const { from, text } of excerpts) expect(readFileSync(new URL(from, docs), 'utf8'), from).toContain(text);
  // The test of the guide performs the other blocks only.
  const files = readSteps(guide).flatMap((step) => (step.kind === 'file' ? step.name : []));
  expect(files.filter((name) => name.includes('examples/'))).toEqual([]);
  expect(files).toContain('ilearn.config.ts');
});
