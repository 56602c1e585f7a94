import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import S3rver from 's3rver';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { S3Store } from '../dist/files/s3-store.js';
import { album, hand } from './support/album.js';
import { collect } from './support/exports.js';
import { lotte, north } from './support/fixtures.js';

/** A server of the S3 protocol, from npm. It does not verify signatures of version 4, only whose they are. */
let server: S3rver;
let folder: string;
let portal: TestPlatform;
let client: TestClient;
const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
let s3: { endpoint: string; region: string; bucket: string; prefix: string } & typeof credentials;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ilearn-s3-'));
  server = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory: join(folder, 'store'),
    configureBuckets: [{ name: 'ilearn', configs: [] }],
  });
  const { port } = await server.run();
  s3 = { endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', bucket: 'ilearn', prefix: 'portal/', ...credentials };
  portal = await createTestPlatform({
    plugins: [album],
    settings: { files: { folder: join(folder, 'local'), s3, quotaBytes: 1e9 } },
  });
  await portal.grant(lotte, [{ tenant: north, role: 'pupil' }]);
  client = await portal.signIn(lotte);
});
afterAll(async () => {
  await portal?.stop();
  await server?.close().catch(() => {});
  await rm(folder, { recursive: true, force: true });
});

const stored = async (): Promise<string[]> => {
  const found = await readdir(join(folder, 'store', 'ilearn'), { recursive: true });
  return found
    .filter((name) => name.endsWith('_object'))
    .map((name) => name.replace('._S3rver_object', ''))
    .sort();
};

describe('on an S3 store', () => {
  test('files are kept, sent in parts and removed', async () => {
    const content = `${'x'.repeat(70_000)}einde`;
    for (const kind of ['works', 'diaries']) {
      const { status, body } = await hand(client, kind, content);
      expect(status).toBe(201);
      expect(await stored()).toEqual([`portal/album/${kind}/${body.id}`]);
      expect((await client.get(`/api/album/${kind}/${body.id}`)).body).toBe(content);
      const part = await client.get(`/api/album/${kind}/${body.id}`, { headers: { range: 'bytes=69999-70002' } });
      expect({ status: part.status, body: part.body }).toEqual({ status: 206, body: 'xein' });
      await portal.work('album', ({ files }) => files.remove(kind, body.id));
      await portal.platform.sweepFiles();
      expect(await stored()).toEqual([]);
    }
    expect(await readdir(join(folder, 'local', '.uploads'))).toEqual([]);
  });

  test('a kind of file is removed completely, and nothing else', async () => {
    for (let n = 0; n < 3; n++) await hand(client, 'works', `${n}`);
    const { id } = (await hand(client, 'diaries', 'x')).body;
    await new S3Store(s3).removeBelow('album/works');
    expect(await stored()).toEqual([`portal/album/diaries/${id}`]);
  });

  test('a wrong key or an unreachable store stores nothing, and is nobody’s fault', async () => {
    await expect(collect(new S3Store(s3).read('album/diaries/x', 0, 1))).rejects.toThrow(/has no file/);
    const { id } = (await hand(client, 'diaries', 'x')).body;
    await expect(collect(new S3Store({ ...s3, accessKeyId: 'other' }).read(`album/diaries/${id}`, 0, 1))).rejects.toThrow(
      /answered 403 InvalidAccessKeyId to GET/,
    );
    await server.close();
    const { status, body } = await hand(client, 'works', 'x');
    expect({ status, type: body.type }).toEqual({ status: 503, type: '/problems/file-store-unavailable' });
    expect(await portal.work('album', ({ knex }) => knex('works').where('name', 'x'))).toEqual([]);
    expect((await client.get(`/api/album/diaries/${id}`)).status).toBe(500);
  });
});
