import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

vi.setConfig({ testTimeout: 120_000 });

const holderScript = join(import.meta.dirname, 'support', 'lock-holder.mjs');
let folder: string;
let children: ChildProcessWithoutNullStreams[] = [];
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'ilearn-lock-')), 'postgres');
  mkdirSync(folder);
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

/** A process at the folder; `heard` waits for a line of it. */
function process_(args: string[] = [], command: string[] = []) {
  const [program, ...rest] = [...command, process.execPath, holderScript, folder, ...args] as [string, ...string[]];
  const child = spawn(program, rest);
  children.push(child);
  const lines: string[] = [];
  child.stdout.on('data', (bytes) => lines.push(...String(bytes).split('\n').filter(Boolean)));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const heard = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const at = lines.findIndex((line) => pattern.test(line));
      if (at >= 0) return lines.splice(at, 1)[0] as string;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return { child, lines, ended, heard, say: (line: string) => child.stdin.write(`${line}\n`) };
}

const number = () => Math.max(...readdirSync(`${folder}.lock`).flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : [])));
const lockFile = () => join(`${folder}.lock`, String(number()));
/** As a newcomer of another container or machine sees it. */
function hideHolder(): void {
  const owner = JSON.parse(readFileSync(lockFile(), 'utf8'));
  writeFileSync(lockFile(), JSON.stringify({ ...owner, boot: 'another', namespace: 'pid:[1]', host: 'elsewhere' }));
}

describe('a folder that a process has locked', () => {
  test('is refused immediately to another process that can see the holder, and free once that ends normally', async () => {
    const first = process_();
    await first.heard(/holds/);
    const second = process_();
    expect(await second.heard(/./)).toMatch(
      new RegExp(
        `FolderInUseError: The database in .* is in use by process ${first.child.pid}\\. The embedded database can be used by one`,
      ),
    );
    first.say('release');
    await first.ended;
    const third = process_();
    await third.heard(/holds/);
  });

  test('is taken over immediately if the process was killed', async () => {
    const first = process_();
    await first.heard(/holds/);
    first.child.kill('SIGKILL');
    await first.ended;
    const second = process_();
    expect(await second.heard(/./)).toBe('holds');
  });

  test('operator 5: is refused to a process that cannot see the holder, because the holder renews its lease', async () => {
    const first = process_();
    await first.heard(/holds/);
    hideHolder();
    const second = process_();
    await second.heard(/waits/);
    expect(await second.heard(/InUse/)).toMatch(/in use by process \d+ of another container or machine \(host elsewhere\)/);
    expect(await second.ended).toBe(2);
    first.say('check');
    await first.heard(/still/);
  });

  test('is refused even while the holder is busy for longer than its lease', async () => {
    const first = process_();
    await first.heard(/holds/);
    hideHolder();
    first.say('busy');
    await first.heard(/busy/);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const second = process_();
    expect(await second.heard(/InUse|holds/)).toContain('InUse');
  });

  test('is taken over from a suspended holder, which notices when it wakes, and does not release the new lock', async () => {
    const first = process_();
    await first.heard(/holds/);
    hideHolder();
    first.child.kill('SIGSTOP');
    const second = process_();
    await second.heard(/holds/);
    first.child.kill('SIGCONT');
    first.say('check');
    expect(await first.heard(/still|FolderLost/)).toBe('FolderLostError');
    expect(await first.heard(/^lost/)).toContain('Another process has taken over the database');
    first.say('release');
    await first.ended;
    second.say('check');
    await second.heard(/still/);
    const third = process_();
    expect(await third.heard(/./)).toContain('FolderInUseError');
  });

  test('goes to exactly one of many processes that come at once after a holder that nobody can see', async () => {
    const first = process_();
    await first.heard(/holds/);
    hideHolder();
    first.child.kill('SIGKILL');
    const many = Array.from({ length: 6 }, () => process_());
    const told = await Promise.all(many.map((each) => each.heard(/holds|InUse/)));
    expect(told.filter((line) => line === 'holds')).toHaveLength(1);
  });

  test('is never held by two processes, however they come and go', async () => {
    const many = Array.from({ length: 4 }, () => process_(['25']));
    expect(await Promise.all(many.map((each) => each.heard(/^done/)))).toEqual(Array(4).fill('done 0'));
  });

  test('is taken over from a portal of an earlier version that was killed, but not from one that runs', async () => {
    writeFileSync(`${folder}.lock`, String(process.pid));
    expect(await process_().heard(/./)).toContain(`in use by process ${process.pid}.`);
    writeFileSync(`${folder}.lock`, '4194304');
    expect(await process_().heard(/./)).toBe('holds');
  });
});

const unshare = ['unshare', '--pid', '--fork', '--mount-proc'];
const ways = [unshare, ['unshare', '--user', '--map-root-user', ...unshare.slice(1)], ['unshare', '--pid', '--fork']];
const allowed = ways.filter(([program, ...args]) => spawnSync(program as string, [...args, 'true']).status === 0);

test.each(
  allowed.map((way) => [way.join(' '), way] as const),
)('operator 5: holds across process namespaces (%s)', async (_, way) => {
  const first = process_();
  await first.heard(/holds/);
  const second = process_([], way);
  expect(await second.heard(/InUse|holds/)).toContain('InUse');
  first.child.kill('SIGKILL');
  await first.ended;
  const third = process_([], way);
  await third.heard(/holds/);
  const fourth = process_();
  expect(await fourth.heard(/InUse|holds/)).toContain('InUse');
  third.child.kill('SIGKILL');
});
