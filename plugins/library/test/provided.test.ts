import { provider as addProvider, providerPerson } from '@ilearn/plugin-directory/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallConfig, smallFiles, v } from './fixtures.js';
import { type LibraryPlatform, libraryPlatform } from './platform.js';

type Client = Awaited<ReturnType<LibraryPlatform['as']>>;

let platform: LibraryPlatform;
let teacher: Client;
let manager: Awaited<ReturnType<LibraryPlatform['signIn']>>;
let provider: string;
let otherProvider: string;

beforeAll(async () => {
  platform = await libraryPlatform([], smallConfig);
  await platform.importSkos(smallFiles());
  teacher = await platform.as('teacher', await platform.school('De Regenboog'));
  const made = await addProvider(platform, { kind: 'tool-provider', name: 'Rekenhoek' });
  provider = made.id;
  manager = await platform.signIn((await providerPerson(platform, made)).id);
  otherProvider = (await addProvider(platform, { kind: 'tool-provider', name: 'Taalhoek' })).id;
});
afterAll(() => platform?.stop());

const header = 'key;title;url;concepts';
const put = (table: string | Uint8Array, query = '', to = provider) =>
  manager.request('PUT', `/api/library/providers/${to}/activities${query}`, {
    raw: table,
    headers: { 'content-type': 'application/octet-stream' },
  });
const found = async (query = 'sort=title') =>
  (await teacher.get(`/api/library/activities?${query}`)).body.activities.map(({ title }: { title: string }) => title);
const stored = () => platform.work('library', ({ providedActivities }) => providedActivities.storeNext());

describe('the table of a provider', () => {
  it('begins with an example that can be sent as it is', async () => {
    const answer = await manager.get(`/api/library/providers/${provider}/activities.csv`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/csv')]);
    expect(await put(answer.body, '?dryRun=true')).toMatchObject({
      status: 200,
      body: { sent: false, rows: 1, faults: [], removed: 0 },
    });
    await stored();
    expect(await found()).toEqual([]);
  });

  it('is stored for all schools, changed by sending it again, and comes back as it was sent', async () => {
    const table = `${header};minutes;teacherOnly;keywords
t1;=Tafels tot 10;https://rekenhoek.be/t1;Breuken|${v('getallen')};15;nee;tafels|maal
t2;"Delen; ""eerlijk""";https://rekenhoek.be/t2;;;ja;
`;
    expect((await put(table)).body).toMatchObject({ sent: true, rows: 2, faultCount: 0 });
    await stored();
    expect(await found()).toEqual(['Delen; "eerlijk"', '=Tafels tot 10']);
    const [{ id }] = (await teacher.get('/api/library/activities?q=tafels')).body.activities;
    expect((await teacher.get(`/api/library/activities/${id}`)).body).toMatchObject({
      provider: 'Rekenhoek',
      minutes: 15,
      school: null,
      concepts: [{ label: 'breuken' }, { label: 'getallenleer' }],
      keywords: ['tafels', 'maal'],
    });
    const back = (await manager.get(`/api/library/providers/${provider}/activities.csv`)).body;
    // A spreadsheet must not run the title.
    expect(back).toContain(`t1;'=Tafels tot 10;`);
    expect((await put(back)).body).toMatchObject({ sent: true, rows: 2 });
    await stored();
    expect(await found()).toEqual(['Delen; "eerlijk"', '=Tafels tot 10']);
    const less = await put(`${header}\nt2;Eerlijk delen;https://rekenhoek.be/t2;\n`, '?dryRun=true');
    expect(less.body).toMatchObject({ sent: false, removed: 1 });
    await put(`${header}\nt2;Eerlijk delen;https://rekenhoek.be/t2;\n`);
    await stored();
    expect(await found()).toEqual(['Eerlijk delen']);
    expect((await teacher.get(`/api/library/activities/${id}`)).body).toMatchObject({ available: false });
  });

  it('is switched off for one school by its ICT coordinator, like a tool, and on again', async () => {
    const school = await platform.school('De Appelboom');
    const [coordinator, here] = [await platform.as('ict-coordinator', school), await platform.as('teacher', school)];
    const key = `provider:${provider}`;
    const address = (of: string) => `/api/library/tools/${encodeURIComponent(key)}/schools/${of}`;
    const titles = async (client: Client) => (await client.get('/api/library/activities?sort=title')).body;
    const [{ id }] = (await titles(here)).activities;
    const listed = async (client: Client) =>
      (await client.get('/api/library/tools')).body.tools.find((tool: { key: string }) => tool.key === key);
    expect(await listed(here)).toMatchObject({ name: 'Rekenhoek', activities: 1, hosts: ['rekenhoek.be'], switchedOff: [] });

    expect((await here.put(address(school), { on: false })).status).toBe(403);
    const nobody = address(school).replace(provider, otherProvider);
    expect((await coordinator.put(nobody, { on: false })).status).toBe(404);
    expect((await coordinator.put(address(school), { on: false })).status).toBe(204);
    expect(await titles(here)).toMatchObject({ total: 0, activities: [] });
    expect((await here.get(`/api/library/activities/${id}`)).body.available).toBe(false);
    expect(await found()).toEqual(['Eerlijk delen']);
    expect(await listed(here)).toMatchObject({ switchedOff: [school] });

    // Sending the table again does not switch it on.
    await put(`${header}\nt2;Eerlijk delen;https://rekenhoek.be/t2;\n`);
    await stored();
    expect((await titles(here)).total).toBe(0);
    expect((await coordinator.put(address(school), { on: true })).status).toBe(204);
    expect((await titles(here)).total).toBe(1);
  });

  it('is of who works for the provider', async () => {
    expect((await put(`${header}\na;b;https://x.be;\n`, '', otherProvider)).status).toBe(404);
    expect(
      (
        await teacher.request('PUT', `/api/library/providers/${provider}/activities`, {
          raw: 'x',
          headers: { 'content-type': 'text/csv' },
        })
      ).status,
    ).toBe(403);
    expect((await manager.get(`/api/library/providers/${otherProvider}/activities.csv`)).status).toBe(404);
  });
});

const utf16 = new Uint8Array(Buffer.from(`\ufeff${header}\r\na;b;https://x.be;\r\n`, 'utf16le'));
const latin1 = new Uint8Array(Buffer.from(`${header}\na;Caf\u00e9;https://x.be;\n`, 'latin1'));

describe('a table with faults', () => {
  const row = (cells: string) => `${header}\n${cells}\n`;
  it.each<[string, string | Uint8Array, [number, string | null, string][]]>([
    ['nothing in it', ' ', [[1, null, 'rows-none']]],
    ['a header only', header, [[1, null, 'rows-none']]],
    ['UTF-16', utf16, [[1, null, 'not-text']]],
    ['Latin-1', latin1, [[2, null, 'not-text']]],
    ['an open quotation mark', row('a;"b;https://x.be;'), [[2, null, 'quote']]],
    [
      'an unknown and a missing column',
      'key;titel;url\na;b;https://x.be\n',
      [
        [1, 'titel', 'column-unknown'],
        [1, 'title', 'column-missing'],
      ],
    ],
    ['a column twice', `${header};url\na;b;https://x.be;;https://y.be\n`, [[1, 'url', 'column-twice']]],
    ['too many cells', row('a;b;https://x.be;;x'), [[2, null, 'cells-many']]],
    ['no title', row('a;;https://x.be;'), [[2, 'title', 'required']]],
    ['a script as address', row('a;b;javascript:alert(1);'), [[2, 'url', 'invalid']]],
    ['an address without https', row('a;b;http://x.be;'), [[2, 'url', 'invalid']]],
    ['text that turns around', row('a;b\u202eexe;https://x.be;'), [[2, 'title', 'invalid']]],
    ['a key twice', row('a;b;https://x.be;\na;c;https://x.be;'), [[3, 'key', 'key-twice']]],
    [
      'unknown concepts',
      row('a;b;https://x.be;niets|http://example.org/niets'),
      [
        [2, 'concepts', 'concept-unknown'],
        [2, 'concepts', 'concept-unknown'],
      ],
    ],
    ['ages the wrong way round', 'key,title,url,ageFrom,ageTo\na,b,https://x.be,9,7\n', [[2, 'ageTo', 'ages']]],
    ['no number', 'key,title,url,minutes\na,b,https://x.be,1e3\n', [[2, 'minutes', 'invalid']]],
    [
      'faults in several rows',
      row('a;;https://x.be;\n\n;b;nee;'),
      [
        [2, 'title', 'required'],
        [4, 'key', 'required'],
        [4, 'url', 'invalid'],
      ],
    ],
  ])('%s: each fault has its row and column, and nothing is stored', async (_what, table, faults) => {
    const before = await found();
    const { status, body } = await put(table);
    expect([status, body.sent]).toEqual([200, false]);
    expect(
      body.faults.map(({ row: at, column, code }: { row: number; column: string; code: string }) => [at, column, code]),
    ).toEqual(faults);
    await stored();
    expect(await found()).toEqual(before);
  });

  it('of too many rows is refused', async () => {
    const rows = Array.from({ length: 2_001 }, (_, n) => `k${n};t;https://x.be;`).join('\n');
    expect((await put(`${header}\n${rows}\n`)).body.faults).toEqual([{ row: 2_002, column: null, code: 'rows-many' }]);
  });
});
