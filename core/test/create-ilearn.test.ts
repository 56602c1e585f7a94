import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { main } from '../create/dist/main.js';
import { chooseModules, type Module, readRelease, USUAL } from '../create/dist/modules.js';
import { checkName } from '../create/dist/names.js';
import { writePortal } from '../create/dist/write-portal.js';
import { writePlugin } from '../dist/authoring/new/write-plugin.js';
import { readSettings } from '../dist/config/settings.js';
import { checkDatabase } from '../dist/doctor/database.js';
import { packAll } from './support/packed.js';
import { Registry } from './support/registry.js';

const run = promisify(execFile);
const work = mkdtempSync(join(tmpdir(), 'ilearn-create-'));
let home = '';
const { PATH = '', HOME = '' } = process.env;
const environment = { PATH, HOME, PORT: '0', NO_COLOR: '1', npm_config_update_notifier: 'false' };
const ilearn = () => join(home, 'node_modules', '@ilearn', 'core', 'bin', 'ilearn.js');
let tarballs: string;
let running: ChildProcess | undefined;

beforeAll(() => {
  tarballs = packAll().folder;
  // What `npm create ilearn` fetches before it runs the command.
  const registry = new Registry('create-ilearn');
  writeFileSync(join(work, 'package.json'), '{}');
  registry.install(work, ['create-ilearn']);
});
afterAll(() => {
  if (running?.pid !== undefined) process.kill(-running.pid, 'SIGKILL');
  rmSync(work, { recursive: true, force: true });
});

const create = (...args: string[]) =>
  run(process.execPath, [join(work, 'node_modules/create-ilearn/bin/create-ilearn.js'), ...args], {
    cwd: work,
    env: environment,
  });
const install = (...packages: string[]) =>
  run(
    'npm',
    ['install', '--omit=dev', '--engine-strict', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', ...packages],
    {
      cwd: home,
      env: environment,
    },
  );
/** Compiling the database for a long life takes longer than a command lives. */
const command = (...args: string[]) =>
  run(process.execPath, ['--liftoff-only', ilearn(), ...args], { cwd: home, env: environment });

/** `npm start`; `stop` is Ctrl-C, and returns what was printed. */
async function start(): Promise<{ url: string; stop(): Promise<string> }> {
  const child = spawn('npm', ['start'], { cwd: home, env: environment, detached: true });
  running = child;
  let printed = '';
  const ended = new Promise<number | null>((done) => child.on('close', done));
  const url = await new Promise<string>((ready, fail) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (bytes) => {
        printed += bytes;
        const found = /The portal is ready at (\S+)/.exec(printed);
        if (found !== null) ready(found[1] as string);
      });
    void ended.then((code) => fail(new Error(`it ended with ${code}:\n${printed}`)));
  });
  const stop = async () => {
    process.kill(-(child.pid as number), 'SIGINT');
    running = undefined;
    await ended;
    return printed;
  };
  return { url, stop };
}

/** A partner's plugin from the template, as its author packs it. */
async function packPartner(parent: string): Promise<string> {
  const folder = writePlugin({ id: 'notice', parent, licence: 'MIT', tarballs: null });
  new Registry('@ilearn/core', '@ilearn/ui', '@ilearn/plugin-directory').install(folder, ['@ilearn/plugin-directory']);
  const path = [join(folder, 'node_modules', '.bin'), PATH].join(delimiter);
  await run('npm', ['pack'], { cwd: folder, env: { ...environment, PATH: path } });
  return join(folder, 'ilearn-plugin-notice-0.1.0.tgz');
}

/** The next version of a package, as a later release would have it. */
async function packNewer(name: string, parent: string): Promise<string> {
  const folder = join(parent, `newer-${name}`);
  mkdirSync(folder);
  await run('tar', ['-xzf', join(tarballs, `ilearn-${name}-0.1.0.tgz`), '-C', folder, '--strip-components=1']);
  for (const file of ['package.json', 'dist/index.js']) {
    const text = readFileSync(join(folder, file), 'utf8');
    expect(text).toMatch(/\bversion"?: ["']0\.1\.0/);
    writeFileSync(join(folder, file), text.replace(/(\bversion"?: ["'])0\.1\.0/, '$10.1.1'));
  }
  await run('npm', ['pack', '--ignore-scripts'], { cwd: folder, env: environment });
  return join(folder, `ilearn-${name}-0.1.1.tgz`);
}

/** Sum of the sizes of all files, in bytes. */
const sizeOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);

async function signIn(url: string, password: string): Promise<string> {
  const answer = await fetch(`${url}/api/login/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ username: 'an.maes', password }),
  });
  expect(answer.status, await answer.text()).toBeLessThan(300);
  return answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
}

test('K17: a portal made in an empty folder starts, takes a partner’s plugin and an upgrade, and keeps its data', {
  timeout: 400_000,
}, async () => {
  // A folder for each attempt of the runner.
  const place = mkdtempSync(join(work, 'attempt-'));
  home = join(place, 'sint-jan');
  const { stdout } = await create(
    home,
    '--name',
    'Sint-Jan',
    '--modules',
    'myway,notifications,operations',
    '--tarballs',
    tarballs,
  );
  expect(stdout).toContain('Added lti: myway requires it.');
  const [partner, newer] = await Promise.all([packPartner(place), packNewer('plugin-myway', place)]);
  await install();

  // Nothing that only builds, and what a reader needs.
  const modules = join(home, 'node_modules');
  for (const name of ['vite', 'rolldown', 'lucide-static', '@awesome.me/webawesome', 'typescript'])
    expect(existsSync(join(modules, name)), name).toBe(false);
  for (const file of ['README.md', 'LICENSE', 'docs/guide.md'])
    expect(existsSync(join(modules, '@ilearn/core', file)), file).toBe(true);
  const megabytes = sizeOf(modules) / 1e6;
  console.log(`The portal's node_modules: ${megabytes.toFixed(0)} MB`);
  expect(megabytes).toBeLessThan(125);

  mkdirSync(join(home, 'school'));
  writeFileSync(join(home, 'school/manifest.csv'), 'propertyName,value\noneroster.version,1.2\nfile.orgs,bulk\n');
  writeFileSync(
    join(home, 'school/orgs.csv'),
    'sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\ns1,,,De Wissel,school,123456,\n',
  );
  await command('import', 'oneroster', 'school');
  const person = ['an.maes', '--given-name', 'An', '--family-name', 'Maes', '--role', 'teacher', '--school', '123456'];
  const password = /shown only now: (.+)/.exec((await command('user', 'create', ...person)).stdout)?.[1] as string;

  let portal = await start();
  expect(await (await fetch(portal.url)).text()).toContain('<il-shell>');
  let cookie = await signIn(portal.url, password);
  const call = async (path: string, body?: object) => {
    const answer = await fetch(`${portal.url}/api/${path}`, {
      headers: { cookie, origin: portal.url, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, text, json: text === '' ? null : JSON.parse(text) };
  };
  const session = (await call('kernel/session')).json.session;
  const school = session.roles.find((each: { tenant: string | null }) => each.tenant !== null).tenant as string;
  const stored = await call('myway/paths', { school, title: 'Breuken' });
  expect(stored.status, stored.text).toBe(201);
  expect(await portal.stop()).toContain('Stopped.');

  await install(partner, newer);
  const config = join(home, 'ilearn.config.ts');
  writeFileSync(config, readFileSync(config, 'utf8').replace('plugins: {', "plugins: {\n    'ilearn-plugin-notice': {},"));
  portal = await start();
  cookie = await signIn(portal.url, password);
  expect((await call('myway/paths')).text).toContain('Breuken');
  expect((await call('notice/notes', { school, text: 'Morgen zwemmen' })).status).toBe(201);
  expect((await call('notice/notes')).text).toContain('Morgen zwemmen');
  expect(await portal.stop()).toContain('Stopped.');
  expect(JSON.parse(readFileSync(join(modules, '@ilearn/plugin-myway/package.json'), 'utf8')).version).toBe('0.1.1');
});

test('K17: what a portal cannot be made of is refused by name, and nothing is written', async () => {
  const refused = async (...args: string[]) => {
    const before = readdirSync(work);
    const { code, stderr } = await create(...args).then(
      () => ({ code: 0, stderr: '' }),
      (error) => error,
    );
    expect([code, readdirSync(work)]).toEqual([2, before]);
    return stderr as string;
  };
  const unknown = await refused('other', '--name', 'X', '--modules', 'myway,helpdesc,@ilearn/plugin-lti');
  expect(unknown).toMatch(/^There is no module "helpdesc"\.\nThe modules are:\n/);
  for (const name of readdirSync(fileURLToPath(new URL('../../plugins/', import.meta.url))))
    expect(unknown).toContain(`\n  ${name} `);
  expect(await refused('other', '--name', '# Ha\nha', '--yes')).toMatch(
    /^"# Ha�ha" cannot be the name of a portal\.\nUse 1 to 80/,
  );
  mkdirSync(join(work, 'used'), { recursive: true });
  writeFileSync(join(work, 'used', 'mine.txt'), 'kept');
  expect(await refused('used', '--yes')).toMatch(
    /used already exists and is not empty\. Nothing was changed\.\nChoose another folder/,
  );
  expect(readdirSync(join(work, 'used'))).toEqual(['mine.txt']);
  expect(await refused('other')).toMatch(/the input is not a terminal\.\nGive folder, --name and --modules, or .* --yes/);
  expect(await refused('other', '--module', 'myway')).toMatch(/Unknown option '--module'[\s\S]+Usage: npm create ilearn/);
  expect(await refused('other', '--yes', '--tarballs', '.')).toMatch(
    /no ilearn-core-….tgz .*\nMake it with: npm pack --workspace @ilearn\/core/,
  );
});

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
