import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { PortalFolder } from './support/command.js';

// Each command opens the database.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const vault = `
import { createHash } from 'node:crypto';
import { definePlugin } from '@ilearn/core';
export default definePlugin({
  id: 'vault', version: '1.0.0', privileges: ['secrets'],
  commands: [{
    name: 'vault mark', summary: 'Tells its key from another',
    run: async ({ work, print }) => print(await work(async ({ secrets }) => createHash('sha256').update(await secrets.key('test')).digest('hex'))),
  }],
});`;
const folders: PortalFolder[] = [];
async function portal(): Promise<PortalFolder> {
  const folder = new PortalFolder().pack('vault', vault).compose('vault');
  folders.push(folder);
  await folder.useServer();
  return folder;
}
afterAll(() => Promise.all(folders.map((folder) => folder.remove())));

/** `ilearn start`, what must not be in its log, and files in the working directory need a process; other commands do not. */
async function run(folder: PortalFolder, environment: Record<string, string>, ...args: string[]) {
  return inEnvironment(folder, environment, () => folder.call(...args));
}
async function runProcess(folder: PortalFolder, environment: Record<string, string>, ...args: string[]) {
  return inEnvironment(folder, environment, () => folder.run(...args));
}
async function inEnvironment(
  folder: PortalFolder,
  environment: Record<string, string>,
  command: () => Promise<{ code: number | null; out: string; err: string }>,
) {
  const before = folder.environment;
  folder.environment = { ...before, ...environment };
  const { code, out, err } = await command();
  folder.environment = before;
  return { code, out: out.trim(), err };
}
const old = 'the key that this portal had from its first day';
const other = 'another key, as after a restore without the first';

describe('operator 14: a portal with an external master key', () => {
  let folder: PortalFolder;
  let mark: string;
  beforeAll(async () => {
    folder = await portal();
    const first = await run(folder, { SECRET_KEY: old }, 'vault', 'mark');
    expect([first.code, first.out]).toEqual([0, expect.stringMatching(/^[0-9a-f]{64}$/)]);
    mark = first.out;
  });

  test('does not start with another key, and says what to do', async () => {
    for (const [how, command] of [
      [runProcess, ['start']],
      [run, ['vault', 'mark']],
    ] as const) {
      const { code, err } = await how(folder, { SECRET_KEY: other }, ...command);
      expect(err).toMatch(
        /is not the one with which this portal encrypted its data\.\n→ Restore the key.*\n.*ilearn key replace/,
      );
      expect(err).not.toMatch(/\n\s+at /);
      expect([err.includes(old), err.includes(other), code]).toEqual([false, false, 2]);
    }
  });

  test('does not start without a key, and creates no new one', async () => {
    const { code, err } = await runProcess(folder, {}, 'start');
    expect([code, err]).toEqual([2, expect.stringMatching(/The master key is missing.*\n→ Set it again/)]);
    expect((await run(folder, { SECRET_KEY: old }, 'vault', 'mark')).out).toBe(mark);
  });

  test('is diagnosed by the doctor too', async () => {
    const sick = await run(folder, { SECRET_KEY: other }, 'doctor');
    expect([sick.code, sick.out]).toEqual([
      2,
      expect.stringMatching(/✗ The master key .* is not the one.*\n {2}→ Restore the key/),
    ]);
    expect((await run(folder, { SECRET_KEY: old }, 'doctor')).out).toContain('✓ the master key fits the data');
  });

  test('reads it from a file or a command too', async () => {
    const file = join(folder.path, 'key');
    writeFileSync(file, `${old}\n`);
    expect((await run(folder, { SECRET_KEY_FILE: 'key' }, 'vault', 'mark')).out).toBe(mark);
    expect((await run(folder, { SECRET_KEY_COMMAND: `cat '${file}'` }, 'vault', 'mark')).out).toBe(mark);
    expect((await run(folder, { SECRET_KEY: `base64:${Buffer.from(old).toString('base64')}` }, 'vault', 'mark')).out).toBe(mark);
  });

  test.each<[string, Record<string, string>, RegExp, typeof run?]>([
    ['no such file', { SECRET_KEY_FILE: 'nowhere' }, /file of SECRET_KEY_FILE cannot be read \(ENOENT\).*\n→ Check/],
    [
      'a command that fails',
      { SECRET_KEY_COMMAND: 'echo hush-hush; echo hush-hush >&2; exit 3' },
      /SECRET_KEY_COMMAND failed \(3\)\.\n→ Run it by hand/,
      // Here the log would have it.
      runProcess,
    ],
    ['a command that hangs', { SECRET_KEY_COMMAND: 'exec sleep 100' }, /SECRET_KEY_COMMAND did not end within 10 seconds/],
    ['a command that prints little', { SECRET_KEY_COMMAND: 'echo hush-hush' }, /key of SECRET_KEY_COMMAND is too short/],
    [
      'few bytes',
      { SECRET_KEY: `base64:${Buffer.from('hush-hush').toString('base64')}AAAAAAAAAAAAAA` },
      /key of SECRET_KEY is too short/,
    ],
    ['two ways at once', { SECRET_KEY: old, SECRET_KEY_FILE: 'key' }, /must be given in one way only/],
  ])('reports %s without revealing the key', async (_, environment, words, how = run) => {
    const { code, err, out } = await how(folder, environment, 'vault', 'mark');
    expect(err).toMatch(words);
    expect(err + out).not.toMatch(/hush-hush|\n\s+at /);
    expect(code).toBe(2);
  });

  test('is rotated: both keys open it, then the new one alone, and what was encrypted stays readable', async () => {
    const rotated = await runProcess(folder, { SECRET_KEY: old }, 'key', 'rotate', '--to', 'second.key');
    expect([rotated.code, rotated.out]).toEqual([0, expect.stringContaining('both open this portal now')]);
    const second = { SECRET_KEY_FILE: 'second.key' };
    for (const environment of [{ SECRET_KEY: old }, second])
      expect((await run(folder, environment, 'vault', 'mark')).out).toBe(mark);
    expect((await run(folder, second, 'key', 'status')).out).toContain('2 keys open this portal');
    expect((await run(folder, second, 'doctor', '--strict')).out).toContain('! 2 master keys open this portal.');

    expect((await run(folder, { SECRET_KEY: other }, 'key', 'rotate', '--finish')).code).toBe(2);
    expect((await run(folder, second, 'key', 'rotate', '--finish')).out).toContain('1 other key no longer opens this portal');
    expect((await run(folder, second, 'vault', 'mark')).out).toBe(mark);
    const late = await run(folder, { SECRET_KEY: old }, 'vault', 'mark');
    expect([late.code, late.err]).toEqual([2, expect.stringContaining('→ Configure the key that ilearn key rotate wrote.')]);

    // The next rotation does not need the first key.
    expect((await runProcess(folder, second, 'key', 'rotate', '--to', 'third.key')).code).toBe(0);
    const third = { SECRET_KEY_FILE: 'third.key' };
    expect((await run(folder, third, 'key', 'rotate', '--finish')).code).toBe(0);
    expect((await run(folder, third, 'vault', 'mark')).out).toBe(mark);
    expect((await run(folder, second, 'vault', 'mark')).code).toBe(2);
    const { pool } = folder.database ?? { pool: null };
    await pool?.query(`update kernel.secrets set created_at = now() - interval '3 years'`);
    if (pool !== null)
      expect((await run(folder, third, 'doctor', '--strict')).out).toMatch(
        /! The master key is 109\d days old\.\n.*ilearn key rotate/,
      );
    expect((await run(folder, {}, 'key', 'rotate', '--to', 'x')).err).toContain('No master key is configured');
  });

  test('accepts another one after the old one is lost, once that is confirmed', async () => {
    const told = await run(folder, { SECRET_KEY: other }, 'key', 'replace');
    expect([told.code, told.out]).toEqual([
      0,
      expect.stringMatching(/encrypted or signed with the old one: vault[\s\S]*Nothing was changed/),
    ]);
    expect((await run(folder, { SECRET_KEY: other }, 'vault', 'mark')).code).toBe(2);
    expect((await run(folder, { SECRET_KEY: other }, 'key', 'replace', '--yes')).code).toBe(0);
    const now = await run(folder, { SECRET_KEY: other }, 'vault', 'mark');
    expect([now.code, now.out === mark]).toEqual([0, false]);
    expect((await run(folder, { SECRET_KEY: old }, 'vault', 'mark')).code).toBe(2);
  });
});

describe('documents 2: a portal whose master key is in the database', () => {
  test('reports that, and moves it out', async () => {
    const folder = await portal();
    expect((await run(folder, {}, 'key', 'status')).out).toContain('There is no master key yet');
    const { out: mark } = await run(folder, {}, 'vault', 'mark');
    expect((await run(folder, {}, 'key', 'status')).out).toContain('is in the database, and so in each of its dumps');

    const beside = await runProcess(folder, { SECRET_KEY: old }, 'start');
    expect([beside.code, beside.err]).toEqual([2, expect.stringContaining('ilearn key move --to <file>')]);

    const moved = await runProcess(folder, {}, 'key', 'move', '--to', 'master.key');
    expect([moved.code, moved.out]).toEqual([0, expect.stringContaining('the database no longer does')]);
    const file = join(folder.path, 'master.key');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await run(folder, {}, 'vault', 'mark')).err).toContain('The master key is missing');
    expect((await run(folder, { SECRET_KEY_FILE: 'master.key' }, 'vault', 'mark')).out).toBe(mark);
    expect((await run(folder, { SECRET_KEY: readFileSync(file, 'utf8').trim() }, 'vault', 'mark')).out).toBe(mark);
    expect((await run(folder, { SECRET_KEY_FILE: 'master.key' }, 'key', 'status')).out).toContain('comes from outside');
    const again = await run(folder, {}, 'key', 'move', '--to', join(folder.path, 'second.key'));
    expect([again.code, existsSync(join(folder.path, 'second.key'))]).toEqual([2, false]);
  });

  test('does not move it to an existing file, nor while the portal runs', async () => {
    const folder = await portal();
    await run(folder, {}, 'vault', 'mark');
    writeFileSync(join(folder.path, 'taken'), 'mine');
    const taken = await run(folder, {}, 'key', 'move', '--to', join(folder.path, 'taken'));
    expect([taken.code, taken.err]).toEqual([2, expect.stringContaining('it already exists')]);
    expect(readFileSync(join(folder.path, 'taken'), 'utf8')).toBe('mine');
    const running = folder.begin('start');
    await running.printed(/The portal is ready/);
    const refused = await run(folder, {}, 'key', 'move', '--to', join(folder.path, 'new.key'));
    expect([refused.code, refused.err]).toEqual([2, expect.stringMatching(/is running|is in use by process/)]);
    running.child.kill('SIGTERM');
    await running.ended;
    expect((await run(folder, {}, 'key', 'move', '--to', join(folder.path, 'new.key'))).code).toBe(0);
  });
});
