import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { readPortalConfig } from '../dist/config/portal-config.js';
import { readSettings } from '../dist/config/settings.js';
import { renderFaults } from '../dist/foundation/diagnosis.js';
import { loadPlugins } from '../dist/plugins/load.js';

const folder = mkdtempSync(join(tmpdir(), 'ilearn-configuration-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (file: string, text: string) => {
  mkdirSync(join(folder, file, '..'), { recursive: true });
  writeFileSync(join(folder, file), text);
};
const pack = (name: string, text: string) => {
  write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', type: 'module', exports: './index.js' }));
  write(`node_modules/${name}/index.js`, text);
};

test('packages are found by name from the portal’s folder, and each that is not a plugin is reported', async () => {
  pack('good', `export default { id: 'good', version: '1.0.0' };`);
  pack('@scope/plain', 'export const id = 1;');
  pack('throwing', `throw new Error('cannot find the moon');`);
  pack('broken', 'export default {');
  write('node_modules/closed/package.json', JSON.stringify({ name: 'closed', exports: { './other': './other.js' } }));
  const named = { good: { a: 1 }, '@scope/plain': {}, throwing: {}, broken: {}, closed: {}, absent: {}, '../escape': {} };
  const { plugins, faults } = await loadPlugins(named, folder, (_, step) => step());
  const where = pathToFileURL(`${realpathSync(join(folder, 'node_modules/good'))}/`).href;
  const definition = { id: 'good', version: '1.0.0' };
  expect(plugins).toEqual([{ definition, origin: 'good', rawConfig: { a: 1 }, folder: where, contract: 1 }]);
  expect(renderFaults(faults)).toBe(`The portal does not start: 6 faults.

  @scope/plain › package
    The package has no plugin as its default export.
    → In its entry file: export default definePlugin({ id: … }).

  throwing › package
    The package cannot be imported: cannot find the moon (index.js:1)
    → Fix the package, or remove it from ilearn.config.ts.

  broken › package
    The package cannot be imported: Unexpected end of input
    → Fix the package, or remove it from ilearn.config.ts.

  closed › package
    The package is there, but exports no entry.
    → In its package.json: "exports": { ".": { "default": "./dist/index.js" } }.

  absent › package
    The package is not installed.
    → npm install absent, or remove it from ilearn.config.ts.

  ../escape › package
    There is no module at this path.
    → Check the path, which starts from the folder of ilearn.config.ts.
`);
});

test.each([
  ['nothing', null, /There is no ilearn.config.ts in /],
  ['a syntax error', 'export default {', /It cannot be read: /],
  ['an error', `throw new Error('no luck');`, /It cannot be read: no luck/],
  ['no default export', 'export const a = 1;', /plugins.*expected record/s],
  ['a wrong member', 'export default { plugins: {}, pluggins: {} }', /There is no "pluggins" here\. Did you mean "plugins"\?/],
  ['a list', 'export default { plugins: ["a"] }', /plugins.*expected record/s],
  ['a wrong configuration', 'export default { plugins: { a: true } }', /plugins.a.*expected record/s],
])('ilearn.config.ts with %s is refused', async (_, text, fault) => {
  const root = mkdtempSync(join(folder, 'config-'));
  if (text !== null) writeFileSync(join(root, 'ilearn.config.ts'), text);
  const { config, faults } = await readPortalConfig(root);
  expect(config).toBeNull();
  expect(renderFaults(faults)).toMatch(fault);
});

test('ilearn.config.ts may be TypeScript', async () => {
  const root = mkdtempSync(join(folder, 'config-'));
  writeFileSync(join(root, 'ilearn.config.ts'), 'const days: number = 7 as const;\nexport default { plugins: { a: { days } } };');
  expect(await readPortalConfig(root)).toEqual({ config: { plugins: { a: { days: 7 } } }, faults: [] });
});

test('faults of environment variables are reported all at once, without values, since some are secrets', () => {
  const { settings, faults } = readSettings(
    {
      PORT: '99999',
      PUBLIC_URL: 'ftp://portaal.example',
      DATABASE_URL: 'mysql://root:hunter2@host/db',
      DATABASE_CONNECTIONS: 'veel',
      DATABASE_ROLE_PREFIX: 'Robert"; drop',
      SECRET_KEY: 'hunter2',
      METRICS_TOKEN: 'hunter2',
      TRUST_PROXY: 'soms',
      LOG_LEVEL: 'loud',
    },
    folder,
  );
  expect(settings).toBeNull();
  expect(faults.map(({ where }) => where)).toEqual([
    'PORT',
    'PUBLIC_URL',
    'DATABASE_URL',
    'DATABASE_CONNECTIONS',
    'DATABASE_ROLE_PREFIX',
    'SECRET_KEY',
    'METRICS_TOKEN',
    'TRUST_PROXY',
    'LOG_LEVEL',
  ]);
  expect(renderFaults(faults)).not.toMatch(/hunter2|Robert|99999|veel|soms/);
  expect(renderFaults(faults)).toContain('DATABASE_URL is not an address such as postgresql://');
});

test('empty environment variables count as unset; a public address with a path is refused', () => {
  const { settings } = readSettings({ PORT: '', PUBLIC_URL: 'https://leren.example/', SECRET_KEY: '', DATABASE_URL: '' }, folder);
  expect(settings).toMatchObject({
    port: 3000,
    publicUrl: 'https://leren.example',
    secretKey: undefined,
    databaseUrl: undefined,
    dataDir: join(folder, 'data'),
  });
  expect(readSettings({ PUBLIC_URL: 'https://leren.example/portaal' }, folder).faults[0]?.message).toContain(
    'must not have a path',
  );
});

test.each([
  [{ REDIS_URL: 'redis://:geheim@cache:0' }, 'REDIS_URL has a host that is not written host:port'],
  [{ WORKER_CONCURRENCY: '10' }, 'WORKER_CONCURRENCY must be less than DATABASE_CONNECTIONS'],
  [{ WORKER_CONCURRENCY: 'veel' }, 'WORKER_CONCURRENCY is wrong'],
  [{ AUDIT_MONTHS: 'veel' }, 'AUDIT_MONTHS is wrong'],
  [{ AUDIT_MONTHS: '0' }, 'AUDIT_MONTHS'],
  [{ AUDIT_MONTHS: '1.5' }, 'AUDIT_MONTHS'],
])('%o is refused, without a value in the message', (environment, message) => {
  const { settings, faults } = readSettings(environment, folder);
  expect(settings).toBeNull();
  expect(renderFaults(faults)).toContain(message);
  expect(renderFaults(faults)).not.toMatch(/geheim|veel/);
});

test('with few database connections, few handlers run at once', () => {
  expect(readSettings({}, folder).settings?.workerConcurrency).toBe(4);
  expect(readSettings({ DATABASE_CONNECTIONS: '2' }, folder).settings?.workerConcurrency).toBe(1);
});
