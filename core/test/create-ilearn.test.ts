import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writePlugin } from '../dist/authoring/new/write-plugin.js';
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
