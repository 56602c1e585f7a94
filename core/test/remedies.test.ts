import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readPortalConfig } from '../dist/config/portal-config.js';
import { didYouMean, nearestName } from '../dist/foundation/nearest-name.js';
import { checkPlugins } from '../dist/plugins/check.js';
import { loadPlugins } from '../dist/plugins/load.js';
import { plugin } from './support/fixtures.js';

const folder = mkdtempSync(join(tmpdir(), 'ilearn-fixes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (file: string, text: string) => {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
};
const pack = (name: string, text: string, more: object = {}) => {
  const manifest = { name, version: '1.0.0', type: 'module', exports: './index.js', ...more };
  write(`node_modules/${name}/package.json`, JSON.stringify(manifest));
  write(`node_modules/${name}/index.js`, text);
};
/** What is told of one package: `message → fix`. */
const toldOf = async (name: string) => {
  const { faults } = await loadPlugins({ [name]: {} }, folder, (_, step) => step());
  return faults.map(({ message, remedy }) => `${message} → ${remedy}`).join('\n');
};

describe('newcomer 19: a remedy leads to the cause', () => {
  test('a mistyped package name is compared with the installed packages', async () => {
    pack('@ilearn/plugin-directory', 'export default {};');
    expect(await toldOf('@ilearn/plugin-directroy')).toBe(
      'The package is not installed. → Did you mean "@ilearn/plugin-directory", which is installed? Otherwise: npm install @ilearn/plugin-directroy, or remove it from ilearn.config.ts.',
    );
    expect(await toldOf('./local/index.mjs')).toMatch(/^There is no module at this path\. → Check the path/);
  });

  test('a package that lacks another names it, whether its author declared it or not', async () => {
    pack('lacking', `import '@ilearn/plugin-lti';`, { peerDependencies: { '@ilearn/plugin-lti': '^0.1.0' } });
    expect(await toldOf('lacking')).toBe(
      'The package cannot be imported: @ilearn/plugin-lti is not installed. → npm install @ilearn/plugin-lti.',
    );
    pack('forgetful', `import 'left-pad';`, { devDependencies: { 'left-pad': '^1.0.0' } });
    expect(await toldOf('forgetful')).toBe(
      'The package cannot be imported: left-pad is not installed. → npm install left-pad; its author has to name left-pad under dependencies in package.json.',
    );
    pack('unbuilt', `import './dist/absent.js';`);
    expect(await toldOf('unbuilt')).toMatch(/Cannot find module 'dist\/absent\.js'.* → A file is missing: build the package/);
  });

  test('an error at import is reported with its place in the package', async () => {
    pack('throwing', `import './lib/deep.js';`);
    write('node_modules/throwing/lib/deep.js', `const moon = null;\n\nexport const phase = moon.phase;`);
    expect(await toldOf('throwing')).toContain('(lib/deep.js:3)');
  });

  test('an unknown key of the configuration is reported with the known ones', async () => {
    const config = z.strictObject({ keepDays: z.int().default(3), mail: z.strictObject({ host: z.string() }).optional() });
    const faultsOf = (rawConfig: unknown) =>
      checkPlugins([{ definition: plugin('diary', { config }), origin: 'diary', rawConfig }]).faults.map(
        ({ where, message, remedy }) => `${where}: ${message} → ${remedy}`,
      );
    expect(faultsOf({ keepDay: 3 })).toEqual([
      'config: There is no "keepDay" here. Did you mean "keepDays"? Known: keepDays, mail. → Fix the configuration under "diary" in ilearn.config.ts.',
    ]);
    expect(faultsOf({ mail: { hots: 'x', host: 'y' } })).toEqual([
      'config.mail: There is no "hots" here. Did you mean "host"? Known: host. → Fix mail under "diary" in ilearn.config.ts.',
    ]);
    write('ilearn.config.ts', 'export default { plugins: {}, requierd: [] }');
    expect((await readPortalConfig(folder)).faults).toEqual([
      {
        plugin: 'ilearn.config.ts',
        where: 'defineConfig',
        message: 'There is no "requierd" here. Did you mean "required"? Known: plugins, required, http, purposes.',
        remedy: 'Rename it, or remove it.',
      },
    ]);
  });

  test('an unknown member of a manifest is reported with the known ones', () => {
    const faults = checkPlugins([
      {
        definition: plugin('diary', {
          job: {},
          ui: { entry: new URL('file:///a'), messages: new URL('file:///b/'), page: [] },
        } as any),
        origin: 'd',
        rawConfig: {},
      },
    ]).faults.map(({ where, message }) => `${where}: ${message}`);
    expect(faults[0]).toBe('ui: There is no "page" here. Did you mean "pages"? Known: entry, messages, pages, slots, documents.');
    expect(faults[1]).toBe('manifest: There is no "job" here. Did you mean "jobs"?');
  });

  test('a syntax error in ilearn.config.ts is reported with its line, and a hint that the cause may be above', async () => {
    write('portal/ilearn.config.ts', `export default {\n  plugins: {\n    'a': { x: 1 \n  },\n};\n`);
    const [fault] = (await readPortalConfig(join(folder, 'portal'))).faults;
    expect(fault).toMatchObject({ where: 'line 5, column 1', message: 'It cannot be read: Unexpected token, expected ",".' });
    expect(fault?.remedy).toContain('there or above');
  });

  test('a name that another plugin does not have is compared with its names', () => {
    const owner = plugin('owner', {
      events: { grew: z.object({}) },
      points: { tools: z.object({}) },
      permissions: { 'owner:read': ['x'] },
    });
    const user = plugin('user', {
      requires: { owner: '^1.0.0' },
      on: { 'owner.grow': () => {} },
      contributes: { 'owner.tool': [] },
    });
    const lost = plugin('lost', { requires: { ownr: '^1.0.0' } });
    const faults = checkPlugins(
      [owner, user, lost].map((definition) => ({ definition, origin: definition.id, rawConfig: {} })),
    ).faults;
    expect(faults.map(({ message }) => message)).toEqual([
      'owner has no point "tool". Did you mean "tools"?',
      'owner publishes no event "grow". Did you mean "grew"?',
      'It requires the plugin "ownr" (^1.0.0), which is not in this portal. Did you mean "owner"?',
    ]);
  });
});

describe('the nearest name', () => {
  const names = fc.stringMatching(/^[a-z][a-z-]{5,20}$/);

  test('is found for one letter swapped, left out, added or replaced', () => {
    fc.assert(
      fc.property(names, fc.nat(), fc.constantFrom('swap', 'drop', 'add', 'replace'), (name, seed, slip) => {
        const at = seed % (name.length - 1);
        const [head, one, two, tail] = [name.slice(0, at), name[at] as string, name[at + 1] as string, name.slice(at + 2)];
        const typed = {
          swap: `${head}${two}${one}${tail}`,
          drop: `${head}${two}${tail}`,
          add: `${head}${one}x${two}${tail}`,
          replace: `${head}q${two}${tail}`,
        }[slip];
        return typed === name || nearestName(typed, ['far away from it all', name]) === name;
      }),
    );
  });

  test('is empty if nothing is similar, and never the name itself', () => {
    expect([nearestName('login', ['library', 'lti', 'myway']), nearestName('login', ['login']), didYouMean('x', [])]).toEqual([
      undefined,
      undefined,
      '',
    ]);
  });
});
