import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Registry } from '../../../core/test/support/registry.js';

const run = promisify(execFile);
const home = mkdtempSync(join(tmpdir(), 'ilearn-connector-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const page = readFileSync(new URL('../../../docs/connectors.md', import.meta.url), 'utf8');
const block = (language: string): string => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] as string;

const environment = () => ({
  PATH: [join(home, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter),
  HOME: process.env['HOME'] ?? '',
  DATA_DIR: join(home, 'data'),
  NO_COLOR: '1',
  ILEARN_TEST_POSTGRES: process.env['ILEARN_TEST_POSTGRES'] ?? '',
});
const ilearn = (...args: string[]) =>
  run('ilearn', args, { cwd: home, env: environment() }).then(
    ({ stdout }) => ({ code: 0, printed: stdout }),
    ({ code, stdout, stderr }) => ({ code: code as number, printed: `${stdout}${stderr}` }),
  );

const registry = new Registry(
  ...['core', 'ui', 'plugin-directory', 'plugin-search', 'plugin-library', 'plugin-lti'].map((name) => `@ilearn/${name}`),
);
const plugins = (...names: string[]) =>
  writeFileSync(
    join(home, 'ilearn.config.ts'),
    `import { defineConfig } from '@ilearn/core';\nexport default defineConfig({ plugins: { ${['@ilearn/plugin-directory', '@ilearn/plugin-library', '@ilearn/plugin-lti', ...names].map((name) => `'${name}': {}`).join(', ')} } });\n`,
  );

beforeAll(() => {
  writeFileSync(join(home, 'package.json'), '{ "type": "module" }');
  registry.install(home, [
    '@ilearn/core',
    '@ilearn/ui',
    '@ilearn/plugin-directory',
    '@ilearn/plugin-search',
    '@ilearn/plugin-library',
    '@ilearn/plugin-lti',
  ]);
});

test('issue 14: a package written from docs/connectors.md alone works after npm pack and install', {
  timeout: 180_000,
}, async () => {
  const name = 'ilearn-plugin-connector-words';
  const folder = join(home, 'work', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), block('json'));
  writeFileSync(join(folder, 'index.js'), block('js'));
  await run('npm', ['pack', '--ignore-scripts'], { cwd: folder, env: environment() });
  registry.install(home, [join(folder, `${name}-0.1.0.tgz`)]);
  plugins(name);

  const check = await ilearn('plugin', 'check', name);
  expect(check.printed).not.toContain('✗');
  expect(check.code, check.printed).toBe(0);
  // The portal has no curriculum yet, and says so rather than that all is well.
  const concepts = await ilearn('connector', 'check', 'words');
  expect(concepts.printed).toContain('words: Woordenschat, 2 activities');
  expect(concepts.printed).toContain('The portal has no curriculum, so concepts were not checked.');
  expect(concepts.printed.match(/→/g)).toHaveLength(1);
});
