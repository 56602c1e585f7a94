import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import { zipSync } from 'fflate';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { album, files, hand } from './support/album.js';
import { exportOf } from './support/exports.js';
import { bram, lotte, north, south } from './support/fixtures.js';

let portal: TestPlatform;
let inNorth: TestClient;
let inSouth: TestClient;
/** What the test portal gives each tenant. */
const QUOTA = 1024 ** 4;
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [album], required: [] });
  await portal.grant(lotte, [{ tenant: north, role: 'pupil' }]);
  await portal.grant(bram, [{ tenant: south, role: 'pupil' }]);
  inNorth = await portal.signIn(lotte);
  inSouth = await portal.signIn(bram);
});
afterAll(() => portal?.stop());

const work = <T>(fn: (services: any) => Promise<T>): Promise<T> => portal.work('album', fn);
const kernel = async (text: string, values: unknown[] = []) =>
  (await (await portal.platform.home()).pool.query(text, values)).rows;

/** Keys of everything in the store, and of what lies there half-received. */
async function stored(): Promise<string[]> {
  const found = await readdir(portal.filesFolder, { recursive: true, withFileTypes: true }).catch(() => []);
  return found
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name).slice(portal.filesFolder.length + 1))
    .sort();
}

beforeEach(async () => {
  for (const kind of Object.keys(files)) await work(({ knex }) => knex(kind).delete());
  await portal.platform.sweepFiles();
  expect(await stored()).toEqual([]);
});

/** Sends a body as it is, to its end or only a part of it. */
function raw(path: string, contentType: string | null, body: string | Buffer, { stopAt = -1 } = {}): Promise<number | 'cut'> {
  return new Promise((resolve) => {
    const sent = request(`${portal.url}/api/album/${path}`, {
      method: 'POST',
      headers: {
        origin: portal.url,
        cookie: `ilearn=${inNorth.cookie('ilearn')}`,
        ...(contentType === null ? {} : { 'content-type': contentType }),
        'content-length': Buffer.byteLength(body),
      },
    });
    sent.on('response', (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.on('error', () => resolve('cut'));
    if (stopAt === -1) sent.end(body);
    else sent.write(Buffer.from(body).subarray(0, stopAt), () => setTimeout(() => sent.destroy(), 50));
  });
}

const BOUNDARY = 'multipart/form-data; boundary=x';
const part = (name: string, filename: string, content: string) =>
  `--x\r\ncontent-disposition: form-data; name="${name}"; filename="${filename}"\r\n\r\n${content}\r\n`;

describe('an uploaded file', () => {
  test('has a row and its bytes, and is sent to members of its school', async () => {
    const content = 'Mijn opstel over de zee — één blad.\n'.repeat(50);
    const { status, body } = await hand(inNorth, 'works', content, { name: 'opstel.txt' });
    expect({ status, body }).toEqual({
      status: 201,
      body: { id: expect.any(String), name: 'opstel.txt', type: 'text/plain', bytes: Buffer.byteLength(content) },
    });
    expect(await stored()).toEqual([`album/works/${body.id}`]);
    const [row] = await work(({ knex }) => knex('works').select('school_id', 'owner_id', 'sha256', 'sealed'));
    const sha256 = createHash('sha256').update(content).digest('hex');
    expect(row).toEqual({ school_id: north, owner_id: lotte, sha256, sealed: false });

    const answer = await inNorth.get(`/api/album/works/${body.id}`);
    expect(answer.body).toBe(content);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/plain',
      'content-length': `${Buffer.byteLength(content)}`,
      'content-disposition': `attachment; filename="opstel.txt"; filename*=UTF-8''opstel.txt`,
      'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-cache',
      'accept-ranges': 'bytes',
    });
    const head = await inNorth.request('HEAD', `/api/album/works/${body.id}`);
    expect([head.status, head.body, head.headers.get('content-length')]).toEqual([200, '', `${Buffer.byteLength(content)}`]);
    // Nobody else's right, however the id was found.
    expect((await inSouth.get(`/api/album/works/${body.id}`)).status).toBe(404);
    expect((await portal.client().get(`/api/album/works/${body.id}`)).status).toBe(401);
    for (const id of [randomUUID(), '..%2f..%2fetc', body.id.toUpperCase().slice(1)]) {
      expect((await inNorth.get(`/api/album/works/${id}`)).status, id).toBe(404);
    }
    // The right is asked at each fetch.
    await portal.grant(lotte, []);
    const tag = answer.headers.get('etag') as string;
    expect((await inNorth.get(`/api/album/works/${body.id}`, { headers: { 'if-none-match': tag } })).status).toBe(403);
    await portal.grant(lotte, [{ tenant: north, role: 'pupil' }]);
    expect((await inNorth.get(`/api/album/works/${body.id}`, { headers: { 'if-none-match': tag } })).status).toBe(304);
  });

  test('is sent in the requested ranges, encrypted or not', async () => {
    const content = Array.from({ length: 30_000 }, (_, n) => `${n}`).join(' ');
    for (const kind of ['works', 'diaries']) {
      const { id } = (await hand(inNorth, kind, content)).body;
      const get = (range: string, more = {}) => inNorth.get(`/api/album/${kind}/${id}`, { headers: { range, ...more } });
      const all = content.length;
      for (const [asked, from, to] of [
        ['bytes=0-0', 0, 1],
        ['bytes=10-', 10, all],
        ['bytes=-7', all - 7, all],
        ['bytes=65530-65545', 65_530, 65_546],
        ['bytes=131072-196608', 131_072, Math.min(all, 196_609)],
        [`bytes=5-${10 * all}`, 5, all],
      ] as const) {
        const { status, body, headers } = await get(asked);
        expect({ status, body }, asked).toEqual({ status: 206, body: content.slice(from, to) });
        expect(headers.get('content-range')).toBe(`bytes ${from}-${to - 1}/${all}`);
      }
      for (const ignored of ['bytes=5-2', 'lines=1-2', 'bytes=0-1,5-6', 'bytes=-']) expect((await get(ignored)).status).toBe(200);
      const past = await get(`bytes=${all}-`);
      expect({ status: past.status, range: past.headers.get('content-range') }).toEqual({ status: 416, range: `bytes */${all}` });
      expect((await get('bytes=0-0', { 'if-range': '"another"' })).status).toBe(200);
    }
  });

  test('is encrypted in the store if its kind requires it', async () => {
    const secret = 'niemand mag dit lezen '.repeat(40);
    const { id } = (await hand(inNorth, 'diaries', secret)).body;
    const [key = ''] = await stored();
    const bytes = await readFile(join(portal.filesFolder, key));
    expect(bytes.length).toBe(secret.length + 16);
    expect(bytes.includes('niemand')).toBe(false);
    expect((await inNorth.get(`/api/album/diaries/${id}`)).body).toBe(secret);
  });

  test('is stored together with other files and fields, or nothing is', async () => {
    const form = new FormData();
    form.append('remark', 'mooi');
    form.append('main', new Blob(['één']), 'één.txt');
    form.append('more', new Blob(['a;b']), 'tabel.csv');
    form.append('more', new Blob(['twee']), 'twee');
    const { status, body } = await inNorth.post('/api/album/several', undefined, { multipart: form });
    expect({ status, body }).toEqual({ status: 200, body: { remark: 'mooi', names: ['één.txt', 'tabel.csv', 'twee.txt'] } });
    const rows = await work(({ knex }) =>
      knex('works').join('remarks', 'works.id', 'work_id').select('works.name', 'remarks.text'),
    );
    expect(rows).toEqual([{ name: 'één.txt', text: 'mooi' }]);

    form.append('more', new Blob(['drie']), 'drie.txt');
    expect((await inNorth.post('/api/album/several', undefined, { multipart: form })).body).toMatchObject({
      status: 400,
      errors: [{ in: 'body', pointer: '/more', message: 'The field "more" accepts at most 2 files.' }],
    });
    expect(await stored()).toHaveLength(3);
  });

  test.each(['fails', 'forgets'])('leaves nothing behind if the handler %s', async (path) => {
    expect((await hand(inNorth, path, 'weg')).status).toBe(path === 'fails' ? 500 : 204);
    expect(await stored()).toEqual([]);
    expect(await kernel('select * from kernel.file_uploads')).toEqual([]);
  });

  test('is refused to a caller without the right before anything of it is read', async () => {
    await portal.grant(bram, []);
    expect((await hand(inSouth, 'works', 'x')).status).toBe(403);
    expect((await hand(portal.client(), 'works', 'x')).status).toBe(401);
    await portal.grant(bram, [{ tenant: south, role: 'pupil' }]);
    expect((await hand(inSouth, 'works', 'x', { tenant: north })).status).toBe(403);
    expect(await stored()).toEqual([]);
  });
});

describe('an upload that is not what it claims', () => {
  const png = () =>
    sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
  const html = '<!doctype html><script>alert(1)</script>';
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>';

  test('is typed by its content, whatever its name', async () => {
    const zip = zipSync({ 'a.txt': new Uint8Array(10) });
    const bomb = zipSync({ 'zeros.txt': new Uint8Array(30 * 1024 * 1024) });
    const taken: [string, Uint8Array | string, string, string, string][] = [
      ['works', 'BM is geen bitmap', 'BMW.txt', 'text/plain', 'BMW.txt'],
      ['works', 'a,b\n1,2', 'cijfers.csv', 'text/csv', 'cijfers.csv'],
      ['works', '%PDF-1.7\n%âãÏÓ\n', 'a.exe', 'application/pdf', 'a.exe.pdf'],
      ['works', zip, 'a.zip', 'application/zip', 'a.zip'],
      ['works', bomb, 'b.zip', 'application/zip', 'b.zip'],
      ['photos', await png(), 'page.html', 'image/png', 'page.html.png'],
      ['photos', await png(), '../../etc/cron.d/x.png', 'image/png', 'x.png'],
      ['photos', await png(), '..\\..\\windows\\win.png', 'image/png', 'win.png'],
      ['photos', await png(), 'foto\u202egnp.exe', 'image/png', 'fotognp.exe.png'],
      ['photos', await png(), '.png', 'image/png', 'png.png'],
      ['photos', await png(), 'a\u0085b.png', 'image/png', 'ab.png'],
    ];
    for (const [kind, content, given, type, name] of taken) {
      const { status, body } = await hand(inNorth, kind, content, { name: given, type: 'text/html' });
      expect({ status, type: body.type, name: body.name }, given).toEqual({ status: 201, type, name });
    }
    const refused: [string, Uint8Array | string, string][] = [
      ['works', html, 'opstel.txt'],
      ['works', `\ufeff \n${svg}`, 'opstel.txt'],
      ['works', '<?xml version="1.0"?><svg/>', 'opstel.txt'],
      ['works', await png(), 'opstel.txt'],
      ['works', new Uint8Array([0x4d, 0x5a, 0x90, 0, 3, 0]), 'opstel.txt'],
      ['works', new Uint8Array([0xff, 0xfe, 0x41, 0]), 'opstel.txt'],
      ['works', 'een\u0000twee', 'opstel.txt'],
      ['photos', svg, 'foto.png'],
      ['photos', html, 'foto.png'],
      ['photos', 'GI', 'foto.gif'],
    ];
    for (const [kind, content, name] of refused) {
      const { status, body } = await hand(inNorth, kind, content, { name, type: 'image/png' });
      expect({ status, type: body.type }, `${name}: ${content}`).toEqual({ status: 415, type: '/problems/file-type-not-taken' });
    }
  });

  test('that is a picture keeps only its pixels: no Exif, no hidden page', async () => {
    const photo = await sharp({ create: { width: 1000, height: 600, channels: 3, background: 'teal' } })
      .withExif({ IFD0: { Make: 'Camera of Lotte' }, IFD3: { GPSLatitude: '51/1 3/1 0/1', GPSLatitudeRef: 'N' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const polyglot = Buffer.concat([photo, Buffer.from(html)]);
    const { id } = (await hand(inNorth, 'photos', polyglot, { name: 'foto.jpeg' })).body;
    const { bytes, headers } = await inNorth.get(`/api/album/photos/${id}`);
    const found = await sharp(bytes).metadata();
    expect(found).toMatchObject({ format: 'jpeg', width: 600, height: 1000 });
    expect([found.exif, found.xmp, found.orientation ?? 1]).toEqual([undefined, undefined, 1]);
    expect(Buffer.from(bytes).includes('script')).toBe(false);
    expect(headers.get('content-disposition')).toContain('foto.jpeg');
    const small = await inNorth.get(`/api/album/photos/${id}?thumbnail=true`);
    expect(await sharp(small.bytes).metadata()).toMatchObject({ format: 'webp', width: 288, height: 480 });
    expect(small.headers.get('content-type')).toBe('image/webp');

    const gif = Buffer.concat([Buffer.from('GIF89a/*'), Buffer.alloc(64, 0x20), Buffer.from('*/=1;alert(1)')]);
    expect((await hand(inNorth, 'photos', gif, { name: 'x.gif' })).body.type).toBe('/problems/picture-unreadable');
    const huge = await sharp({ create: { width: 9000, height: 9000, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    expect((await hand(inNorth, 'photos', huge, { name: 'x.png' })).body.type).toBe('/problems/picture-unreadable');
    // Sealed ones too.
    const sealed = (await hand(inNorth, 'diaries', await png(), { name: 'x.png' })).body;
    expect(await sharp((await inNorth.get(`/api/album/diaries/${sealed.id}?thumbnail=true`)).bytes).metadata()).toMatchObject({
      width: 8,
    });
  });

  test('with an invalid body is refused with the place, and leaves nothing', async () => {
    const long = 'x'.repeat(2 * 1024 * 1024 + 1);
    const cases: [string, Promise<{ status: number; body: any }>, number, RegExp][] = [
      ['too long', hand(inNorth, 'works', long), 413, /field "file" may have at most 2097152 bytes/],
      [
        'another field',
        hand(inNorth, 'works', 'x', { field: 'photo' }),
        400,
        /The field "photo" does not accept files. Fields that do: file/,
      ],
      ['no file', inNorth.post('/api/album/works', undefined, { multipart: new FormData() }), 400, /field "file" needs a file/],
      ['empty', hand(inNorth, 'works', ''), 400, /is empty/],
      ['a field too many', hand(inNorth, 'works', 'x', { colour: 'red' }), 400, /One field/],
      ['JSON', inNorth.post('/api/album/works', { file: 'x' }), 415, /multipart/],
    ];
    for (const [what, asked, status, detail] of cases) {
      const answer = await asked;
      expect(answer.status, what).toBe(status);
      expect(answer.body.detail, what).toMatch(detail);
    }
    const twice = new FormData();
    twice.append('file', new Blob(['a']), 'a.txt');
    twice.append('file', new Blob(['b']), 'b.txt');
    expect((await inNorth.post('/api/album/works', undefined, { multipart: twice })).body.detail).toMatch(/accepts one file/);
    const text = new FormData();
    text.append('file', 'no file at all');
    expect((await inNorth.post('/api/album/works', undefined, { multipart: text })).body.detail).toMatch(
      /give its part a filename/,
    );

    const whole = `${part('file', 'a.txt', 'abc')}--x--\r\n`;
    expect(await raw('works', 'multipart/form-data', whole)).toBe(400);
    expect(await raw('works', 'multipart/form-data; boundary=another', whole)).toBe(400);
    expect(await raw('works', null, whole)).toBe(415);
    expect(await raw('works', BOUNDARY, part('file', 'a.txt', 'abc'))).toBe(400);
    expect(await raw('works', BOUNDARY, '--x\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\nab')).toBe(
      400,
    );
    expect(await raw('works', BOUNDARY, whole.replace('name="file"', 'name="__proto__"'))).toBe(400);
    expect(await raw('works', BOUNDARY, whole, { stopAt: whole.length - 12 })).toBe('cut');
    expect(await raw('works', BOUNDARY, `${part('file', 'a.txt', 'a'.repeat(200_000))}--x--`, { stopAt: 100_000 })).toBe('cut');
    await expect.poll(stored).toEqual([]);
    expect(await kernel('select * from kernel.file_uploads')).toEqual([]);
    expect(await work(({ knex }) => knex('works'))).toEqual([]);
    // Other requests on the same portal go on.
    expect((await raw('works', BOUNDARY, whole)) as number).toBe(201);
  });

  test('of two concurrent uploads that only fit into the quota one by one, one is refused', async () => {
    const used = `insert into kernel.file_usage values ('album', 'rules', $1, $2, 1)`;
    await kernel(used, [north, QUOTA - 1_500]);
    try {
      const both = await Promise.all([1, 2].map(() => hand(inNorth, 'works', 'x'.repeat(1_000))));
      expect(both.map(({ status }) => status).sort()).toEqual([201, 413]);
      expect(both.find(({ status }) => status === 413)?.body.type).toBe('/problems/file-quota');
      expect(await stored()).toHaveLength(1);
      // Another tenant has its own.
      expect((await hand(inSouth, 'works', 'x'.repeat(1_000), { tenant: south, owner: bram })).status).toBe(201);
      await work(({ knex }) => knex('works').where('school_id', north).delete());
      expect((await hand(inNorth, 'works', 'x'.repeat(1_501))).status).toBe(413);
      expect((await hand(inNorth, 'works', 'x'.repeat(1_500))).status).toBe(201);
      expect((await hand(inNorth, 'works', 'x')).status).toBe(413);
    } finally {
      await kernel(`delete from kernel.file_usage where kind = 'rules'`);
    }
  });
});

describe('the rows of files', () => {
  test('are read, joined and deleted by the plugin, and created only by the kernel', async () => {
    const { id } = (await hand(inNorth, 'works', 'x')).body;
    const row = {
      id: randomUUID(),
      name: 'x',
      type: 'x',
      bytes: 1,
      sha256: '',
      sealed: false,
      school_id: north,
      owner_id: lotte,
    };
    await expect(work(({ knex }) => knex('works').insert(row))).rejects.toThrow(/permission denied/);
    await expect(work(({ knex }) => knex('works').update({ bytes: 0 }))).rejects.toThrow(/permission denied/);
    await expect(work(({ knex }) => knex('works').update({ school_id: south }))).rejects.toThrow(/permission denied/);
    await work(({ knex }) => knex('remarks').insert({ school_id: north, text: 'mooi', work_id: id }));
    expect(await work(({ files: service }) => service.remove('works', id))).toBe(true);
    expect(await work(({ files: service }) => service.remove('works', id))).toBe(false);
    expect(await work(({ knex }) => knex('remarks'))).toEqual([]);
    await portal.platform.sweepFiles();
    expect(await stored()).toEqual([]);
    expect(
      await kernel('select bytes::int, files::int from kernel.file_usage where tenant = $1 and kind = $2', [north, 'works']),
    ).toEqual([{ bytes: 0, files: 0 }]);
  });

  test('are read with their bytes in jobs, and an upload can be kept only once', async () => {
    const { id } = (await hand(inNorth, 'diaries', 'geheim')).body;
    const bytes = await work(({ files: service }) => service.bytes('diaries', id));
    const parts: Uint8Array[] = [];
    for await (const each of bytes) parts.push(each);
    expect(Buffer.concat(parts).toString()).toBe('geheim');
    const again = { id, name: 'x', type: 'text/plain', bytes: 1, sha256: '' };
    await expect(work(({ files: service }) => service.keep('diaries', again, { tenant: north }))).rejects.toThrow(/kept already/);
    await expect(work(({ files: service }) => service.open('diaries', id))).rejects.toThrow(/files\.bytes/);
    await expect(work(({ files: service }) => service.find('photo', id))).rejects.toThrow(/no kind "photo"/);
  });

  test('of an erased pupil leave nothing in the store, and an export contains their files', async () => {
    const { id } = (await hand(inNorth, 'works', 'van Lotte', { name: 'opstel.txt' })).body;
    await hand(inNorth, 'diaries', 'geheim van Lotte', { name: 'dagboek.txt' });
    const other = (await hand(inSouth, 'works', 'van Bram', { tenant: south, owner: bram })).body;
    const archive = await exportOf(portal, lotte);
    const names = Object.keys(archive).filter((name) => name.startsWith('album/'));
    expect(names.map((name) => name.replace(/[0-9a-f-]{36}/, 'id'))).toEqual([
      'album/files/works/id-opstel.txt',
      'album/files/diaries/id-dagboek.txt',
    ]);
    expect(names.map((name) => Buffer.from(archive[name] as Uint8Array).toString())).toEqual(['van Lotte', 'geheim van Lotte']);
    expect(names[0]).toContain(id);
    const erasure = await portal.platform.runner.run({}, (frame) => portal.platform.privacy.erase(frame, lotte));
    const state = () =>
      portal.platform.runner.run(
        {},
        async ({ unit }) => (await portal.platform.privacy.erasures.status(unit, erasure.id))?.state,
      );
    await expect.poll(state, { timeout: 20_000 }).toBe('done');
    // Gone when it says so, without waiting for the sweep.
    expect(await stored()).toEqual([`album/works/${other.id}`]);
    await portal.grant(lotte, [{ tenant: north, role: 'pupil' }]);
    inNorth = await portal.signIn(lotte);
  });

  test('expire, and those left by a killed process are removed after a day', async () => {
    await hand(inNorth, 'works', 'oud');
    await hand(inNorth, 'works', 'jong');
    await work(({ knex }) =>
      knex('works')
        .where('bytes', 3)
        .update({ updated_at: knex.raw(`now() - interval '1 year 1 day'`) }),
    );
    expect(await portal.platform.privacy.endExpired()).toContainEqual({
      plugin: 'album',
      table: 'works',
      action: 'deleted',
      rows: 1,
    });
    await portal.platform.sweepFiles();
    expect(await stored()).toHaveLength(1);
    // As if it had been killed between the store and the commit.
    const kept = await kernel(`insert into kernel.file_uploads (id, plugin, kind, started_at)
      select id, 'album', 'works', now() - interval '23 hours' from album.works returning id`);
    await work(({ knex }) => knex('works').delete());
    await kernel('delete from kernel.file_removals');
    await portal.platform.sweepFiles();
    expect(await stored()).toEqual([`album/works/${kept[0]?.['id']}`]);
    await kernel(`update kernel.file_uploads set started_at = now() - interval '25 hours'`);
    await portal.platform.sweepFiles();
    expect(await stored()).toEqual([]);
  });

  test('are exported by a detach with their files, and removed by a purge', async () => {
    const { id } = (await hand(inNorth, 'diaries', 'geheim')).body;
    const folder = await mkdtemp(join(tmpdir(), 'ilearn-detach-'));
    const operate = (command: any, options = {}) => portal.platform.operate({ command, id: 'album', options });
    const { code, lines } = await operate('detach', { to: join(folder, 'album') });
    expect({ code, lines }).toMatchObject({ code: 0, lines: expect.arrayContaining(['  files: 1, as files/<kind>/<id>']) });
    expect(await readFile(join(folder, 'album', 'files', 'diaries', id), 'utf8')).toBe('geheim');
    await rm(folder, { recursive: true });
    expect((await operate('purge')).lines).toContainEqual('files      1, 6 bytes');
    expect((await operate('purge', { yes: true })).lines).toContain('Removed.');
    expect(await stored()).toEqual([]);
    expect(await kernel('select * from kernel.file_kinds')).toEqual([]);
  });
});
