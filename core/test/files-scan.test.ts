import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startClamd } from '../scripts/clamd.mjs';
import { album, hand } from './support/album.js';
import { lotte, north } from './support/fixtures.js';

/** The test file that every virus scanner knows; put together here, so that none takes this file for it. */
const eicar = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR', 'STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('-');

let clamd: Awaited<ReturnType<typeof startClamd>>;
let portal: TestPlatform;
let client: TestClient;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ilearn-scan-'));
  clamd = await startClamd();
  portal = await createTestPlatform({ plugins: [album], settings: { files: { folder, clamav: clamd, quotaBytes: 1e9 } } });
  await portal.grant(lotte, [{ tenant: north, role: 'pupil' }]);
  client = await portal.signIn(lotte);
});
afterAll(async () => {
  await portal?.stop();
  await clamd?.stop();
  await rm(folder, { recursive: true, force: true });
});

test('clamd scans uploads; an infected file, or one that cannot be scanned, is not stored', async () => {
  const clean = (await hand(client, 'works', 'x'.repeat(500_000))).body;
  expect(clean.bytes).toBe(500_000);
  const found = await hand(client, 'works', `lees dit: ${eicar}`);
  expect({ status: found.status, type: found.body.type }).toEqual({ status: 422, type: '/problems/file-infected' });
  // Encrypted only after the scan.
  expect((await hand(client, 'diaries', eicar)).status).toBe(422);
  // More than clamd takes.
  const long = await hand(client, 'works', 'y'.repeat(1_500_000));
  expect({ status: long.status, type: long.body.type }).toEqual({ status: 503, type: '/problems/file-not-scanned' });
  await clamd.stop();
  expect((await hand(client, 'works', 'z')).status).toBe(503);
  expect(await readdir(join(folder, 'album', 'works'))).toEqual([clean.id]);
  expect(await readdir(join(folder, '.uploads'))).toEqual([]);
});
