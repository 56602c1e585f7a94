import { definePlugin } from '@ilearn/core';
import type { TestClient, TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mentionsIn, withoutMentions } from '../../../core/src/privacy/free-text/names.js';
import { createSchools } from './schools.js';

describe('a name in a text', () => {
  const renee = { given: 'Renée', family: 'De Smet' };
  const parts = (text: string) => mentionsIn(text, renee).map(({ from, to }) => text.slice(from, to));

  test.each([
    ['Gesprek met Renée De Smet over toetsen', ['Renée De Smet']],
    ['renee de smet', ['renee de smet']],
    ['DE SMET, RENÉE', ['DE SMET, RENÉE']],
    ["De Smet's werk; Renée's map", ["De Smet's", "Renée's"]],
    ['De Smet’s werk', ['De Smet’s']],
    ['Reneeke (De Smet) was ziek', ['Reneeke', 'De Smet']],
    ['foto_renee_de_smet.jpg', ['renee_de_smet']],
    ['Re\u0301nee de smet', ['Re\u0301nee de smet']],
    // Alone, or inside another word, it is somebody else.
    ['Renée kwam langs', []],
    ['De Smetstraat', []],
    [`Renée ${'x'.repeat(200)} De Smet`, ['De Smet']],
  ])('%s', (text, expected) => expect(parts(text)).toEqual(expected));

  test('is replaced, and nothing else', () => {
    expect(withoutMentions("Wie ziet Renée De Smet? De Smet's groep.", renee, '(…)')).toBe('Wie ziet (…)? (…) groep.');
    expect(mentionsIn('a (b', { given: '(', family: '(b' })).toHaveLength(1);
    expect(mentionsIn('tekst', { given: '', family: '' })).toEqual([]);
  });
});

const diary = definePlugin({
  id: 'diary',
  version: '1.0.0',
  tables: {
    notes: { tenant: { none: 'of a test' } },
    labels: { tenant: { none: 'of a test' } },
    leaves: { tenant: { none: 'of a test' } },
    pages: { tenant: { none: 'of a test' }, notPeople: { content: 'what was written', data: 'what was written' } },
  },
  migrations: [
    {
      name: '0001_notes',
      up: `create table notes (id int primary key, text text not null, kind text check (kind in ('De Bos', 'Bos')));
           create table pages (id int primary key, lines text[], content jsonb, data json);
           insert into pages values (1, '{"Bo Bos las voor","niets"}', '{"blocks": [{"text": "Vraag het aan Bo Bos"}, 3, null], "Bos": "x"}', null),
             (2, null, '{"text": "het bosje"}', '["De map van Bos"]');
           create table leaves (tree int, leaf int, text text, primary key (tree, leaf));
           insert into leaves select n % 3, n, 'het bosje' from generate_series(1, 1200) n;
           insert into leaves values (2, 9999, 'Bo Bos klom erin');
           create table labels (school text, name text, primary key (school, name));
           insert into notes values (1, 'Bo Bos was ziek', 'Bos'), (2, 'het bos', null), (3, 'Bos''s map', null), (4, 'Bosje bloemen', null)`,
      down: 'drop table notes, labels, leaves, pages',
    },
  ],
});

describe('after an erasure', () => {
  let portal: TestPlatform;
  let people: Record<string, string>;
  const as: Record<string, TestClient> = {};
  const client = (who: string) => as[who] as TestClient;
  const sql = async (text: string) => (await (await portal.platform.home()).pool.query(text)).rows;

  beforeAll(async () => {
    const schools = await createSchools({ plugins: [diary] });
    ({ portal, people } = schools);
    for (const who of ['administrator', 'piet']) as[who] = await schools.signIn(who);
  });
  afterAll(() => portal?.stop());

  test('names in what others wrote are shown to somebody who decides; the name is forgotten then', async () => {
    await client('administrator').post(`/api/privacy/people/${people['bo']}/erasure`, { name: 'Bo Bos' });
    await expect.poll(() => sql(`select from kernel.erasures where state <> 'done'`), { timeout: 20_000 }).toEqual([]);
    const [search] = await sql('select id from privacy.name_searches');
    const step = () => portal.work('privacy', ({ nameSearches }: any) => nameSearches.step(search.id));
    while (await step());
    const names = async () => (await client('administrator').get('/api/privacy/names')).body;
    const { mentions, left, running } = await names();
    // The last one is after 1,200 rows with the family name in another word.
    const inPages = ['Bo Bos las voor\nniets', 'x\nVraag het aan Bo Bos', 'De map van Bos', 'Bo Bos klom erin'];
    expect(mentions.map(({ text }: { text: string }) => text).sort()).toEqual(
      ["Bos's map", 'Bo Bos was ziek', 'het bos', ...inPages].sort(),
    );
    expect([left, running, mentions[0].name]).toEqual([7, 0, 'Bo Bos']);
    expect((await client('piet').get('/api/privacy/names')).status).toBe(403);
    const decide = async (text: string, decision: string) => {
      const { id } = mentions.find((each: { text: string }) => each.text === text);
      return (await client('administrator').post(`/api/privacy/names/${id}`, { decision })).status;
    };
    expect(await decide('Bo Bos was ziek', 'replace')).toBe(204);
    expect(await decide('Bo Bos was ziek', 'replace')).toBe(404);
    expect(await decide('het bos', 'leave')).toBe(204);
    expect(await sql('select sealed is null as forgotten from privacy.name_searches')).toEqual([{ forgotten: false }]);
    expect(await decide("Bos's map", 'replace')).toBe(204);
    for (const text of inPages) expect(await decide(text, 'replace')).toBe(204);
    // Numbers, names of members and the rest of the text stay as they were.
    expect(await sql('select lines, content, data from diary.pages order by id')).toEqual([
      {
        lines: ['(naam verwijderd) las voor', 'niets'],
        content: { blocks: [{ text: 'Vraag het aan (naam verwijderd)' }, 3, null], Bos: 'x' },
        data: null,
      },
      { lines: null, content: { text: 'het bosje' }, data: ['De map van (naam verwijderd)'] },
    ]);
    expect(await sql('select text from diary.notes order by id')).toEqual([
      { text: '(naam verwijderd) was ziek' },
      { text: 'het bos' },
      { text: '(naam verwijderd) map' },
      { text: 'Bosje bloemen' },
    ]);
    expect(await sql('select sealed is null as forgotten from privacy.name_searches')).toEqual([{ forgotten: true }]);
  });

  test('a name of several words is found however the gaps between them are written', async () => {
    const texts = ['foto_anna_van_der-vliet.jpg', 'Van der\nVliet', 'van  der  vliet', 'Van der Vlietstraat', 'vandervliet'];
    await portal.work('diary', async ({ knex }: any) => {
      await knex('leaves').insert(texts.map((text, at) => ({ tree: 9, leaf: at + 1, text })));
      await knex('pages').insert({ id: 3, content: JSON.stringify(['Anna Van\nder Vliet']) });
    });
    const found: string[] = [];
    for (let table: number | null = 0; table !== null; ) {
      const name = { given: 'Anna', family: 'Van der Vliet' };
      const page: any = await portal.work('privacy', ({ privacy }: any) => privacy.findMentions(name, table));
      found.push(...page.mentions.map(({ table, key }: any) => `${table} ${Object.values(key).join(' ')}`));
      table = page.next;
    }
    expect(found.sort()).toEqual(['leaves 9 1', 'leaves 9 2', 'leaves 9 3', 'pages 3']);
  });

  test('that began elsewhere, such as on the command line, the name is looked for too, and once', async () => {
    const { privacy } = portal.platform;
    const cas = people['cas'] as string;
    const id = await portal.platform.runner.run({}, ({ unit }) => privacy.erasures.request(unit, cas));
    await privacy.erasures.run(id);
    // An erasure that is tried again finds the search, or no name any more.
    await privacy.erasures.run(await portal.platform.runner.run({}, ({ unit }) => privacy.erasures.request(unit, cas)));
    expect(await sql('select from privacy.name_searches where sealed is not null')).toHaveLength(1);
    expect(await sql(`select from kernel.messages where name = 'search-names'`)).not.toEqual([]);
  });
});
