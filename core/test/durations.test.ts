import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import durations from './durations.json' with { type: 'json' };

test('the order of the suite names existing test files; otherwise run node core/scripts/durations.mjs after `npm test`', () => {
  const root = join(import.meta.dirname, '..', '..');
  const files = Object.keys(durations).map((each) => each.replace(/^\w+:/, ''));
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});
