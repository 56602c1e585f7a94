import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';

// The fixtures are compiled as an author's code is: against the declarations of the built package.
const folder = fileURLToPath(new URL('./types/', import.meta.url));
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

interface Refusal {
  line: number;
  message: string;
}
/** By file. */
const found = new Map<string, Refusal[]>();

const expected = (readFileSync(join(folder, 'wrong.ts'), 'utf8').split('\n') as string[]).flatMap((text, index) => {
  const [, what, message] =
    /^\s*\/\/ refused ((?:(?:newcomer|ux) \d+|tenants|settings|outgoing HTTP|machines|models) \(.*?\)): (.*)$/.exec(text) ?? [];
  return what === undefined || message === undefined ? [] : [{ line: index + 2, what, message }];
});

beforeAll(async () => {
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], { maxBuffer: 2 ** 24 }, (_, stdout) => resolve(stdout));
  });
  for (const diagnostic of output.split(/\n(?=\S)/).filter((text) => text.trim() !== '')) {
    const [, file = '', line, message = ''] = /([^/(]+)\((\d+),\d+\): error TS\d+: ([\s\S]*)$/.exec(diagnostic) ?? [];
    found.set(file, [...(found.get(file) ?? []), { line: Number(line), message: message.replaceAll('\\"', '"') }]);
  }
}, 120_000);

test('newcomer 11: correct code compiles', () => {
  expect([...found.keys()]).toEqual(['wrong.ts']);
});

test('newcomer 11: only wrong code is refused', () => {
  const lines = new Set(expected.map(({ line }) => line));
  expect((found.get('wrong.ts') ?? []).filter(({ line }) => !lines.has(line))).toEqual([]);
});

test.each(expected)('$what is refused at its place: $message', ({ line, message }) => {
  const told = (found.get('wrong.ts') ?? []).filter((refusal) => refusal.line === line).map((refusal) => refusal.message);
  expect(told.join('\n')).toContain(message);
});
