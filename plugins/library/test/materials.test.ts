import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LibraryPlatform, libraryPlatform } from './platform.js';

type Client = Awaited<ReturnType<LibraryPlatform['as']>>;

let platform: LibraryPlatform;
let school: string;
let maker: Client;
let colleague: Client;
let coordinator: Client;
let pupil: Client;
let stranger: Client;
let strangeSchool: string;
let png: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  platform = await libraryPlatform();
  [school, strangeSchool] = [await platform.school('De Regenboog'), await platform.school('De Kleurdoos')];
  maker = await platform.as('teacher', school);
  colleague = await platform.as('teacher', school);
  coordinator = await platform.as('ict-coordinator', school);
  pupil = await platform.as('pupil', school);
  stranger = await platform.as('teacher', strangeSchool);
  const drawn = sharp({ create: { width: 8, height: 8, channels: 3, background: 'teal' } });
  png = new Uint8Array(await drawn.png().toBuffer());
});
afterAll(() => platform?.stop());

const path = '/api/library/activities';
const pdf = new TextEncoder().encode('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n');

async function upload(client: Client, bytes: Uint8Array<ArrayBuffer>, name: string, owner = school) {
  const form = new FormData();
  form.set('school', owner);
  form.set('file', new File([bytes], name));
  return client.post('/api/library/materials', undefined, { multipart: form });
}
const uploaded = async (bytes: Uint8Array<ArrayBuffer>, name: string) => (await upload(maker, bytes, name)).body.id as string;
const add = async (body: object) => (await maker.post(path, { kind: 'text', title: 'Blad', ...body })).body.id as string;
const open = async (client: Client, id: string) => (await client.get(`/api/library/materials/${id}`)).status;
const titles = async (client: Client, query: string) =>
  (await client.get(`${path}?${query}`)).body.activities.map(({ title }: { title: string }) => title);

describe('a file of an activity', () => {
  it('is shown below the text, with its name and size, and kept in its order while the maker edits', async () => {
    const answer = await upload(maker, pdf, 'blad [1].pdf');
    expect([answer.status, answer.body]).toEqual([
      201,
      { id: expect.any(String), name: 'blad [1].pdf', type: 'application/pdf', bytes: pdf.length, picture: false },
    ]);
    const [sheet, photo] = [answer.body.id, await uploaded(png, 'schelp.png')];
    const id = await add({ markdown: 'Vul in.', files: [photo, sheet] });
    expect((await maker.get(`${path}/${id}/content`)).body.markdown).toBe(
      `Vul in.\n\n![schelp](/api/library/materials/${photo})\n\n[blad \\[1\\]\\.pdf](/api/library/materials/${sheet}) (1 kB)`,
    );
    const written = (await maker.get(`${path}/${id}/content?written=true`)).body;
    expect(written.markdown).toBe('Vul in.');
    expect(written.files.map((file: { id: string }) => file.id)).toEqual([photo, sheet]);
    await maker.put(`${path}/${id}`, { kind: 'text', title: 'Blad', files: [sheet] });
    expect((await maker.get(`${path}/${id}/content`)).body.markdown).toMatch(/^\[blad/);
  });

  it('is opened by the school: pupils only what is used for pupils; a stranger gets 404', async () => {
    const [forAll, forTeachers, unused] = [
      await uploaded(pdf, 'leerling.pdf'),
      await uploaded(pdf, 'sleutel.pdf'),
      await uploaded(pdf, 'los.pdf'),
    ];
    await add({ files: [forAll] });
    await add({ files: [forTeachers], teacherOnly: true });
    for (const id of [forAll, forTeachers, unused]) {
      expect(await open(colleague, id)).toBe(200);
      expect(await open(stranger, id)).toBe(404);
      expect(await open(platform.client() as Client, id)).toBe(401);
    }
    expect([await open(pupil, forAll), await open(pupil, forTeachers), await open(pupil, unused)]).toEqual([200, 404, 404]);
    expect((await upload(pupil, pdf, 'x.pdf')).status).toBe(403);
  });

  it('in the text counts as used; unused uploads are removed after a day', async () => {
    const [inText, unused] = [await uploaded(png, 'in.png'), await uploaded(png, 'los.png')];
    await add({ markdown: `Kijk: ![schelp](/api/library/materials/${inText})` });
    const remove = (hours?: number) => platform.work('library', ({ materials }) => materials.removeUnused(hours));
    expect(await remove()).toBe(0);
    expect([await open(maker, inText), await open(maker, unused)]).toEqual([200, 200]);
    expect(await remove(0)).toBeGreaterThan(0);
    expect([await open(maker, inText), await open(maker, unused)]).toEqual([200, 404]);
    expect(await open(pupil, inText)).toBe(200);
  });
});

describe('a file that does not fit', () => {
  it('is refused: another type whatever its name, another school, a school of others', async () => {
    const script = new TextEncoder().encode('<!doctype html><script>alert(1)</script>');
    expect((await upload(maker, script, 'blad.pdf')).status).toBe(415);
    expect((await upload(maker, pdf, 'blad.pdf', strangeSchool)).status).toBe(403);
    const theirs = (await upload(stranger, pdf, 'x.pdf', strangeSchool)).body.id;
    const before = (await maker.get(path)).body.total;
    for (const [body, pointer] of [
      [{ files: [theirs] }, '/files/0'],
      [{ files: [randomUUID()] }, '/files/0'],
      [{ markdown: `![x](/api/library/materials/${theirs})` }, '/markdown'],
    ] as const) {
      const answer = await maker.post(path, { kind: 'text', title: 'Blad', ...body });
      expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, pointer]);
    }
    const twice = await uploaded(pdf, 'twee.pdf');
    for (const body of [{ files: [twice, twice] }, { markdown: '  ' }, { files: Array.from({ length: 11 }, randomUUID) }]) {
      expect((await maker.post(path, { kind: 'text', title: 'Blad', ...body })).status).toBe(400);
    }
    expect((await maker.get(path)).body.total).toBe(before);
  });
});

describe('an activity that is not shared with colleagues', () => {
  it('is found and counted by its maker only; who has its address can open it, as paths do', async () => {
    const id = await add({ title: 'Kladversie', markdown: 'Nog niet af.', listed: false });
    expect(await titles(maker, 'q=kladversie')).toEqual(['Kladversie']);
    for (const client of [colleague, coordinator, stranger]) expect(await titles(client, 'q=kladversie')).toEqual([]);
    const ownCount = async (client: Client) => {
      const { facets } = (await client.get(path)).body;
      const owner = facets.find(({ key }: { key: string }) => key === 'owner');
      return owner?.values.find(({ value }: { value: string }) => value === 'school')?.count ?? 0;
    };
    expect((await ownCount(maker)) - (await ownCount(colleague))).toBe(1);
    expect((await colleague.get(`${path}/${id}`)).status).toBe(200);
    await maker.put(`${path}/${id}`, { kind: 'text', title: 'Kladversie', markdown: 'Af.', listed: true });
    expect(await titles(colleague, 'q=kladversie')).toEqual(['Kladversie']);
  });
});
