import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { packagedBinaries, preparePostgres } from '../scripts/postgres-binaries.mjs';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** The package's binaries in a folder that only this user may enter, as in a clone below /root. */
async function inClosedFolder(filter: (file: string) => boolean = () => true) {
  const { initdb, postgres } = await packagedBinaries();
  const closed = mkdtempSync(join(tmpdir(), 'ilearn-closed-'));
  folders.push(closed);
  cpSync(dirname(dirname(postgres)), join(closed, 'native'), { recursive: true, verbatimSymlinks: true, filter });
  chmodSync(closed, 0o700);
  const [one, other] = [initdb, postgres].map((file) => join(closed, 'native', 'bin', basename(file))) as [string, string];
  return { initdb: one, postgres: other };
}

async function versionAsServerUser(packaged: { initdb: string; postgres: string }) {
  const prepared = await preparePostgres(packaged);
  folders.push(prepared.folder);
  const { stdout } = spawnSync(prepared.postgres, ['--version'], { encoding: 'utf8', cwd: prepared.folder, ...prepared.owner });
  return { stdout, prepared };
}

test('fresh machines: PostgreSQL runs from a clone that only its owner may enter', async () => {
  const packaged = await inClosedFolder();
  const { stdout, prepared } = await versionAsServerUser(packaged);
  expect(stdout).toMatch(/^postgres \(PostgreSQL\) \d+/);
  const root = process.getuid?.() === 0;
  expect(prepared.postgres === packaged.postgres).toBe(!root);
  // Nobody else can read a test's data.
  expect(statSync(prepared.folder).mode & 0o777).toBe(0o700);
});

test('fresh machines: PostgreSQL runs if install scripts are switched off', async () => {
  const packaged = await inClosedFolder((file) => !/\.so(\.\d+)?$/.test(file) || !/lib(pq|icu\w+)\./.test(file));
  chmodSync(packaged.postgres, 0o644);
  const { stdout } = await versionAsServerUser(packaged);
  expect(stdout).toMatch(/^postgres \(PostgreSQL\) \d+/);
});
