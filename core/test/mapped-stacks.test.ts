import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';

const work = mkdtempSync(join(tmpdir(), 'ilearn-stacks-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const folder = join(work, 'node_modules', 'plugin-one');
const urlOf = (path: string): string => pathToFileURL(path).href;
const mapStacks = fileURLToPath(new URL('../dist/foundation/mapped-stacks.js', import.meta.url));

/** Maps the whole first line to the first line of one source. */
const mapTo = (source: string) => JSON.stringify({ version: 3, sources: [source], names: [], mappings: 'AAAA' });

/** The first place in the stack of an error from a module with each of these maps beside it; null: no map. */
async function placesOf(maps: readonly (string | null)[]): Promise<string[]> {
  mkdirSync(join(folder, 'dist'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "name": "plugin-one", "type": "module" }');
  // As compilers emit it: it marks no package.
  writeFileSync(join(folder, 'dist', 'package.json'), '{ "type": "module" }');
  for (const [index, map] of maps.entries()) {
    writeFileSync(join(folder, 'dist', `m${index}.js`), 'export const fail = () => new Error("broken").stack;\n');
    if (map !== null) writeFileSync(join(folder, 'dist', `m${index}.js.map`), map);
  }
  const script = `
    import { mapStacks } from ${JSON.stringify(urlOf(mapStacks))};
    mapStacks();
    const stacks = [];
    for (let i = 0; i < ${maps.length}; i++) stacks.push((await import(${JSON.stringify(urlOf(join(folder, 'dist')))} + '/m' + i + '.js')).fail());
    console.log(JSON.stringify(stacks));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], { cwd: work });
  return (JSON.parse(stdout) as string[]).map((stack) => {
    expect(stack).toMatch(/^Error: broken\n/);
    return /file:\S+?(?=\)?$)/m.exec(stack)?.[0] as string;
  });
}

test('issue 12: a stack names the line of the source, and of the module where there is no usable map', async () => {
  const unusable = [
    null,
    '',
    'not JSON',
    '{}',
    'null',
    '{"version":3,"sources":[],"names":[],"mappings":"AAAA"}',
    mapTo('http://['),
  ];
  const [mapped, ...others] = await placesOf([mapTo('../src/routes.ts'), ...unusable]);
  expect(mapped).toBe(`${urlOf(join(folder, 'src/routes.ts'))}:1:1`);
  for (const [index, place] of others.entries()) {
    expect(place, String(unusable[index])).toMatch(new RegExp(`^${urlOf(join(folder, 'dist', `m${index + 1}.js`))}:1:\\d+$`));
  }
});

test('issue 12: no source map makes an error come from another package', async () => {
  const step = fc.constantFrom(
    '..',
    '.',
    'src',
    'node_modules',
    'plugin-one',
    'plugin-two',
    'plugin-one-more',
    '%2e%2e',
    '..%2f',
    '',
  );
  const sources = fc.oneof(
    fc.array(step, { minLength: 1, maxLength: 8 }).map((steps) => `${steps.join('/')}/a.ts`),
    fc.array(step, { maxLength: 6 }).map((steps) => `${urlOf(work)}/${steps.join('/')}/a.ts`),
    fc.constantFrom(
      '/etc/passwd',
      '//host/a.ts',
      'https://elsewhere.example/a.ts',
      'data:text/plain,x',
      'node:fs',
      'file:///',
      '?',
      '#',
    ),
    fc.string(),
  );
  const outside = ['../../plugin-two/dist/a.ts', '../../plugin-one-more/a.ts', `${urlOf(work)}/node_modules/plugin-two/a.ts`];
  const places = await placesOf([...outside, ...fc.sample(sources, { numRuns: 200, seed: 12 })].map(mapTo));
  const own = `${urlOf(folder)}/`;
  expect(places.filter((place) => !place?.startsWith(own))).toEqual([]);
  for (const place of places.slice(0, outside.length)) expect(place).toContain('/plugin-one/dist/m');
});
