import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readSettings } from '../dist/config/settings.js';
import { weaknessOfKey, weaknessOfPassword } from '../dist/config/weak-secrets.js';
import { checkSecrets } from '../dist/doctor/strength.js';
import { PortalFolder } from './support/command.js';

// Some tests start processes, the first of them makes a database.
vi.setConfig({ testTimeout: 180_000 });

const pack = (id: string, rest = '') =>
  `import { definePlugin } from '@ilearn/core';\nexport default definePlugin({ id: '${id}', version: '1.0.0'${rest} });`;
const table = (id: string, up: string) =>
  pack(id, `, tables: { t: { tenant: { none: 'a test' } } }, migrations: [{ name: '0001', up: '${up}', down: '' }]`);

const folder = new PortalFolder().pack('tidy', pack('tidy')).pack('old', table('old', 'create table t (a int)'));
afterAll(() => folder.remove());

/** With other variables of the environment for as long as one command runs. */
async function doctor(environment: Record<string, string> = {}) {
  const before = folder.environment;
  folder.environment = { ...before, ...environment };
  return folder.call('doctor').finally(() => {
    folder.environment = before;
  });
}

test('a portal without faults is reported as such', async () => {
  folder.compose('tidy');
  const { code, out } = await doctor();
  expect(out).toBe(`✓ one copy of @ilearn/core
✓ one copy of zod
✓ DATA_DIR can be written
✓ no database yet: the first start makes one
`);
  expect(code).toBe(0);
});

test('issue 12: nothing is wrong with the demonstration', async () => {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const env = { PATH: process.env['PATH'], DATA_DIR: join(folder.path, 'demonstration') };
  const { stdout } = await promisify(execFile)(process.execPath, ['core/bin/ilearn.js', 'doctor'], { cwd: root, env });
  expect(stdout.split('\n').filter((line) => line !== '' && !line.startsWith('✓'))).toEqual([]);
});

test('all faults are reported at once, each with its remedy', async () => {
  const other = createServer((_, response) => response.end('{}'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  folder.pack('double', pack('double', `, requires: { tidy: '^2.0.0' }`)).compose('tidy', 'double', 'absent');
  const own = join(folder.path, 'node_modules', 'double');
  mkdirSync(join(own, 'node_modules', 'zod'), { recursive: true });
  writeFileSync(join(own, 'node_modules', 'zod', 'package.json'), JSON.stringify({ name: 'zod', version: '3.0.0' }));
  const manifest = { name: 'double', type: 'module', exports: './index.js', peerDependencies: { zod: '^4.0.0' } };
  writeFileSync(join(own, 'package.json'), JSON.stringify(manifest));
  // A file stands where the folder should be.
  writeFileSync(join(folder.path, 'occupied'), '');
  const { code, out } = await doctor({
    DATA_DIR: 'occupied',
    REDIS_URL: 'redis://:hunter2@127.0.0.1:1/0',
    PUBLIC_URL: `http://127.0.0.1:${port}`,
  }).finally(() => other.close());
  expect(code).toBe(2);
  for (const told of [
    '✗ absent › package: The package is not installed.\n  → npm install absent, or remove it from ilearn.config.ts.',
    '✗ double › requires.tidy: It requires tidy ^2.0.0; installed is tidy 1.0.0.\n  → Install tidy in the range ^2.0.0',
    /✗ There are 2 copies of zod: .*3\.0\.0 in .*\(double\).*\n {2}→ Make it a peer dependency .* npm dedupe zod\./,
    '✗ double requires zod ^4.0.0; installed is 3.0.0.\n  → npm install zod@"^4.0.0"',
    /✗ DATA_DIR cannot be written: .*\n {2}→ Give the portal's user the folder/,
    /✗ Redis cannot be reached: 127\.0\.0\.1:1 \(.*ECONNREFUSED.*\n {2}→ Check REDIS_URL/,
    /✗ PUBLIC_URL http:\S+ is not answered by this portal\.\n {2}→ Check the name/,
  ]) {
    expect(out).toEqual(typeof told === 'string' ? expect.stringContaining(told) : expect.stringMatching(told));
  }
  expect(out).not.toContain('hunter2');
});

describe('on a database', () => {
  beforeAll(() => folder.useServer());

  test('newcomer 9: a plan names what is new, disabled or left behind, and says that the portal starts without what is out of service', async () => {
    folder.pack('bad', table('bad', 'creat')).pack('onbad', pack('onbad', `, requires: { bad: '^1.0.0' }`));
    folder.compose('tidy', 'old');
    expect((await folder.run('migrate')).code).toBe(0);
    const sound = await doctor();
    expect([sound.code, sound.out]).toEqual([
      0,
      expect.stringContaining(
        '✓ the database answers\n✓ the database user has the rights it needs\n✓ the clock agrees with the database\n',
      ),
    ]);
    const away = await doctor({ DATABASE_URL: 'postgresql://nobody:hunter2@127.0.0.1:1/nowhere' });
    expect([away.code, away.out]).toEqual([
      2,
      expect.stringMatching(/✗ The database cannot be reached: .*ECONNREFUSED.*\n {2}→ Check the address, the user/),
    ]);
    expect(away.out).not.toContain('hunter2');
    expect((await folder.run('plugin', 'disable', 'tidy')).out).toBe(
      'No portal is running: this takes effect at its next start.\nIts data are kept. ilearn plugin enable brings it back.\n',
    );
    folder
      .write('onbad', 'node_modules/zod/package.json', '{ "name": "zod", "version": "3.0.0" }')
      .write('next', 'index.js', `console.log('next was here');`)
      .write('next', 'package.json', '{ "name": "next", "exports": "./index.js", "type": "module", "ilearn": { "contract": 2 } }')
      .compose('tidy', 'bad', 'onbad', 'next');
    const { code, out, err } = await folder.run('plan');
    expect(code).toBe(2);
    expect(out).toContain('New here: bad, onbad, next.\nDisabled: tidy.\n');
    expect(out).toContain(
      'old is in the database and no longer in ilearn.config.ts: its data are kept. → ilearn plugin purge old',
    );
    expect(out).toMatch(/^There are 2 copies of zod: .*\(onbad\).*\n {2}→ Make it a peer dependency/m);
    expect(out).toContain(
      'Would be out of service: bad (migrate: migration-failed), onbad (migrate: requires-what-is-out), next (import: not-loaded).',
    );
    expect(err).toContain(
      'The portal starts without the plugins named here: 2 faults.\n\n  next › package.json ilearn.contract\n    It is written for contract 2; kernel 0.1.0 supports contract 1.\n    → Install a release of @ilearn/core and @ilearn/ui that supports contract 2, or a release of next for contract 1.\n\n  bad › migrations.0001',
    );
    expect(out).not.toContain('next was here');
    const purged = await folder.run('plugin', 'purge', 'old', '--yes');
    expect([purged.code, purged.out]).toEqual([0, expect.stringContaining('table      t  0 rows\n')]);
  });

  test('no code of a disabled plugin runs at the next start', async () => {
    folder.pack('tidy', `console.log('tidy was here');\n${pack('tidy')}`).compose('tidy');
    folder.write('tidy', 'node_modules/knex/package.json', '{ "name": "knex", "version": "1.0.0" }');
    folder.write('onbad', 'node_modules/knex/package.json', '{ "name": "knex", "version": "2.0.0" }').compose('tidy', 'onbad');
    const run = folder.begin('start');
    const url = await run.printed(/The portal is ready at (http:\S+)/);
    // The two streams of a process arrive in any order.
    await expect
      .poll(() => run.err)
      .toMatch(/There are 2 copies of knex: 1\.0\.0 in .*\(tidy\); 2\.0\.0 in .*\(onbad\)\.\n {2}→ Make it/);
    expect(run.out).not.toContain('tidy was here');
    const answer = await fetch(`${url}/api/tidy/anything`);
    expect([answer.status, (await answer.json()).type]).toEqual([503, '/problems/plugin-disabled']);
    const enabled = await folder.run('plugin', 'enable', 'tidy');
    expect([enabled.code, enabled.out]).toEqual([0, 'tidy  1.0.0     contract 1  started\n']);
    await expect.poll(() => run.out).toContain('tidy was here');
    expect((await fetch(`${url}/api/tidy/anything`)).status).toBe(404);
    run.child.kill('SIGINT');
    await run.ended;
  });
});

describe('what is weak in production', () => {
  const environment = {
    DATABASE_URL: '',
    PUBLIC_URL: 'http://portal.example.be',
    SECRET_KEY: 'change-me-change-me-change-me-change-me',
    METRICS_TOKEN: 'aaaaaaaaaaaaaaaaaaaa',
    BACKUP_KEY: 'change-me-change-me-change-me-change-me',
    BACKUP_DATABASE_URL: 'postgresql://reader:postgres@db.example.be/portal',
    REDIS_URL: 'redis://queue.example.be',
  };

  test('is named with its remedy, and stops a deployment with --strict only', async () => {
    folder.compose('tidy');
    const before = folder.environment;
    folder.environment = { ...before, ...environment };
    const [usual, strict] = [await folder.call('doctor'), await folder.call('doctor', '--strict')];
    folder.environment = before;
    expect(usual.out).not.toContain('\n! ');
    for (const told of [
      '! PUBLIC_URL is not an https address.\n  → Put a proxy with TLS in front',
      '! SECRET_KEY can be guessed: it is a placeholder.\n  → Generate one: openssl rand -base64 32',
      '! METRICS_TOKEN can be guessed: it has fewer than 10 different characters.',
      '! BACKUP_KEY is the master key',
      '! Redis has no password.',
      '! The password in BACKUP_DATABASE_URL is weak: it is one that everybody tries first.',
      '! BACKUP_DATABASE_URL has no sslmode',
      '! The embedded database runs without fsync',
    ])
      expect(strict.out).toContain(told);
    expect(strict.code).toBe(2);
    const sound = {
      DATABASE_URL: '',
      PUBLIC_URL: '',
      SECRET_KEY: '',
      METRICS_TOKEN: '',
      BACKUP_KEY: '',
      BACKUP_DATABASE_URL: '',
      REDIS_URL: '',
    };
    const { code } = await doctor(sound);
    expect(code).toBe(0);
  });

  test('is named for the address of each database, that of a replica too', async () => {
    const addresses = ['DATABASE_URL', 'READ_DATABASE_URL', 'BACKUP_DATABASE_URL'];
    const given = addresses.map((name) => [name, 'postgresql://reader:postgres@db.example.be/portal']);
    const { settings, faults } = readSettings(Object.fromEntries(given), '/');
    expect(faults).toEqual([]);
    const told = (await checkSecrets({ root: '/', settings } as never)).map(({ message }) => message).join('\n');
    for (const name of addresses) {
      expect(told).toContain(`The password in ${name} is weak`);
      expect(told).toContain(`${name} has no sslmode`);
    }
  });

  test('keys that nobody generated do not start in production, and no message repeats them', async () => {
    const { code, err } = await doctor({ ...environment, METRICS_TOKEN_PREVIOUS: 'a'.repeat(32), NODE_ENV: 'production' });
    expect(code).toBe(2);
    expect(err.match(/\w+ can be guessed/g)).toEqual([
      'SECRET_KEY can be guessed',
      'METRICS_TOKEN can be guessed',
      'METRICS_TOKEN_PREVIOUS can be guessed',
      'BACKUP_KEY can be guessed',
    ]);
    expect(err).not.toMatch(/change-me|aaaa/);
  });

  test('operator 19: DATA_DIR is not asked for where neither the database nor files are kept in it', async () => {
    writeFileSync(join(folder.path, 'occupied'), '');
    const { out } = await doctor({ DATABASE_URL: 'postgresql://x@127.0.0.1:1/x', DATA_DIR: 'occupied' });
    expect(out).not.toContain('DATA_DIR');
    const { out: needed } = await doctor({ DATABASE_URL: '', DATA_DIR: 'occupied' });
    expect(needed).toContain('✗ DATA_DIR cannot be written');
  });

  test('keys as they are generated pass', () => {
    for (let n = 0; n < 1_000; n++) {
      expect(weaknessOfKey(randomBytes(32).toString('base64'))).toBe(null);
      expect(weaknessOfPassword(randomBytes(24).toString('hex'))).toBe(null);
    }
  });
});
