import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { main } from '../create/dist/main.js';
import { chooseModules, type Module, readRelease, USUAL } from '../create/dist/modules.js';
import { checkName } from '../create/dist/names.js';
import { writePortal } from '../create/dist/write-portal.js';
import { readSettings } from '../dist/config/settings.js';
import { checkDatabase } from '../dist/doctor/database.js';

const work = mkdtempSync(join(tmpdir(), 'ilearn-created-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

test('K17: it asks for what is not given', async () => {
  const last = readRelease().modules.at(-1) as Module;
  const keys = new PassThrough();
  const screen = new PassThrough();
  let shown = '';
  const until = (text: string) =>
    vi.waitFor(() => {
      shown += screen.read() ?? '';
      expect(stripVTControlCharacters(shown)).toContain(text);
    });
  vi.spyOn(console, 'log').mockImplementation(() => {});
  const here = process.cwd();
  process.chdir(work);
  try {
    const ended = main([], { input: keys, output: screen });
    for (const [question, answer] of [
      ['Name of the portal', '<b>\r'],
      ['cannot be the name', '\x7f\x7f\x7fDe Wissel\r'],
      ['Folder', '\r'],
      // Moves to the last module and changes whether it is chosen.
      ['Modules', '\x1b[A \r'],
    ] as const) {
      await until(question);
      keys.write(answer);
    }
    expect(await ended).toBe(0);
  } finally {
    process.chdir(here);
    vi.restoreAllMocks();
  }
  const { dependencies, scripts } = JSON.parse(readFileSync(join(work, 'de-wissel', 'package.json'), 'utf8'));
  expect(Object.keys(dependencies)).toEqual(expect.arrayContaining(['@ilearn/plugin-myway', '@ilearn/plugin-login']));
  expect(Object.hasOwn(dependencies, last.package)).toBe(!USUAL.includes(last.id));
  for (const version of Object.values(dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(scripts).toMatchObject({ start: 'ilearn start' });
});

test('K17: any name is refused, or leads to a folder whose files are well formed and keep its secrets out of git', () => {
  const release = readRelease();
  const { modules } = chooseModules(release, ['myway']);
  let made = 0;
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: fc.constantFrom(...'aé 9\'&.-$#:"\n') }),
        fc.string({ unit: fc.constantFrom(...'aéZ0-') }),
        fc.constantFrom('null', 'true', '007', '1e3', '12.5', '0x1f', 'NO', 'node_modules', '東京', "- a: b's"),
      ),
      (given) => {
        let name: string;
        try {
          name = checkName(given);
        } catch (error) {
          expect((error as Error).message).toContain('cannot be the name of a portal');
          return;
        }
        const folder = join(work, 'named', `${++made}`);
        writePortal({ folder, name, modules, release, tarballs: null });
        const read = (file: string) => readFileSync(join(folder, file), 'utf8');
        const manifest = JSON.parse(read('package.json'));
        expect(manifest.name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
        expect(read('README.md').split('\n')[0]).toBe(`# ${name}`);
        const { name: project, services } = parse(read('compose.yaml'), { merge: true });
        const wanted = ['migrate', 'web', 'worker', 'tools', 'proxy', 'database', 'queue'];
        expect([project, Object.keys(services)]).toEqual([manifest.name, wanted]);
        expect(`${read('compose.yaml')}${read('Dockerfile')}`).not.toContain('__');
        rmSync(folder, { recursive: true });
      },
    ),
    { numRuns: 30 },
  );
  expect(made).toBeGreaterThan(5);
});

test('K17: the settings in the compose file are right, and its database user has the rights that the portal needs', async () => {
  const folder = mkdtempSync(join(work, 'composed-'));
  const release = readRelease();
  writePortal({ folder, name: 'X', modules: chooseModules(release, ['myway']).modules, release, tarballs: null });
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  // The folder of secrets is closed to other users, and in neither the image nor git; .env has no secrets.
  expect(statSync(join(folder, 'secrets')).mode & 0o077).toBe(0);
  for (const file of ['.gitignore', '.dockerignore']) expect(read(file)).toMatch(/^secrets\/$/m);
  expect(read('.env').match(/^\w+=.*$/gm)).toEqual(['PUBLIC_HOST=localhost']);
  const { services, secrets, networks } = parse(read('compose.yaml'), { merge: true });
  // Nobody but the portal reaches the database and the queue, which has no password.
  expect(networks).toEqual({ front: null, data: { internal: true } });
  const joined = Object.entries<any>(services).map(([name, service]) => [name, service.networks.join(' ')]);
  expect(Object.fromEntries(joined)).toEqual({
    ...Object.fromEntries(['migrate', 'web', 'worker', 'tools'].map((name) => [name, 'front data'])),
    ...{ proxy: 'front', database: 'data', queue: 'data' },
  });
  const made = readdirSync(join(folder, 'secrets')).sort();
  expect(Object.entries<{ file: string }>(secrets).map(([name, { file }]) => [name, file])).toEqual(
    Object.keys(secrets).map((name) => [name, `secrets/${name}`]),
  );
  expect(Object.keys(secrets).sort()).toEqual(made);
  for (const [name, service] of Object.entries<any>(services)) {
    expect([name, (service.secrets ?? []).filter((each: string) => !made.includes(each))]).toEqual([name, []]);
    expect([name, JSON.stringify(service).match(/password[^_]*:[^{]*@/i)]).toEqual([name, null]);
  }
  for (const name of ['migrate', 'web', 'worker', 'tools']) {
    expect([name, services[name]]).toEqual([
      name,
      expect.objectContaining({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] }),
    ]);
    for (const each of Object.values<string>(services[name].environment))
      if (each.startsWith('/run/secrets/')) expect(services[name].secrets).toContain(each.slice('/run/secrets/'.length));
  }
  // What the container has: the image's variables, and those of compose.yaml with the secrets where it mounts them.
  const image = Object.fromEntries(
    [.../^ENV (.*)$/m.exec(read('Dockerfile'))![1]!.matchAll(/(\w+)=(\S+)/g)].map(([, key, value]) => [key, value]),
  );
  const fill = (value: string) =>
    value.replace(/\$\{PUBLIC_HOST:\?[^}]*\}/, 'localhost').replace('/run/secrets/', `${folder}/secrets/`);
  const given: Record<string, string> = {
    ...image,
    ...Object.fromEntries(Object.entries<string>(services.tools.environment).map(([key, value]) => [key, fill(value)])),
  };
  const { settings, faults } = readSettings(given, folder);
  expect(faults).toEqual([]);
  expect(settings).toMatchObject({ host: '0.0.0.0', port: 3000, dataDir: '/portal/data' });
  const known = readFileSync(fileURLToPath(new URL('../../docs/operating.md', import.meta.url)), 'utf8');
  for (const key of Object.keys(given)) if (key !== 'TZ') expect(known).toContain(`\`${key.replace(/_FILE$/, '')}\``);
  expect(settings?.databaseUrl).toMatch(/^postgresql:\/\/portal:\w{48}@database/);

  // The statements that the image of PostgreSQL runs once, with names of their own.
  const [, sql] = /<<'SQL'\n([\s\S]+?)\nSQL/.exec(read('database/create-portal.sh')) as unknown as [string, string];
  const user = `portal_${process.pid}`;
  const server = new pg.Client(process.env['ILEARN_POSTGRES']);
  await server.connect();
  try {
    for (const statement of sql.replace(/^\\.*\n/gm, '').split(';\n'))
      await server.query(statement.replace(/:'\w+'/, "'x'").replaceAll(/\bportal(?=_backup\b|\b)/g, user));
    const url = new URL(process.env['ILEARN_POSTGRES'] as string);
    Object.assign(url, { username: user, password: 'x', pathname: `/${user}` });
    const findings = await checkDatabase({
      settings: { ...settings, databaseUrl: `${url}`, rolePrefix: user } as never,
      plugins: ['myway'],
      root: folder,
      packages: [],
    });
    expect(findings.filter(({ state }) => state !== 'passed')).toEqual([]);
  } finally {
    await server.query(`drop database if exists ${user}`);
    await server.query(`drop role if exists ${user}_backup`);
    await server.query(`drop role if exists ${user}`);
    await server.end();
  }
});
