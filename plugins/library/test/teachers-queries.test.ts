import { fileURLToPath } from 'node:url';
import geogebra from '@ilearn/plugin-connector-geogebra';
import phet from '@ilearn/plugin-connector-phet';
import scratch from '@ilearn/plugin-connector-scratch';
import wikipedia from '@ilearn/plugin-connector-wikipedia';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { divisionsOf } from '../src/activities/compounds.js';
import { synonymsOf } from '../src/activities/synonyms.js';
import { type LibraryPlatform, libraryPlatform, record } from './platform.js';

const file = (name: string) => fileURLToPath(new URL(`../../demo/data/curriculum/${name}.ttl`, import.meta.url));

let platform: LibraryPlatform;
let teacher: Awaited<ReturnType<LibraryPlatform['as']>>;

beforeAll(async () => {
  platform = await libraryPlatform([geogebra, phet, scratch, wikipedia]);
  await platform.importSkos([file('primary-school'), file('connectors')]);
  teacher = await platform.as('teacher', await platform.school('De Regenboog'));
  await platform.upsert(
    record({ title: 'De tafel van 3', keywords: ['maaltafels'], ageFrom: 8, ageTo: 9 }),
    record({ title: 'Sommen tot 20', keywords: ['optellen'], ageFrom: 6, ageTo: 7 }),
    record({ title: 'Waar is Poes?', keywords: ['begrijpend lezen'], ageFrom: 6, ageTo: 7 }),
    record({ title: 'Beslissingsboom', description: 'Een model dat kiest.', ageFrom: 14, ageTo: 18 }),
    record({ title: 'Statistics at school', language: 'en', keywords: ['statistiek'] }),
    record({ title: 'Les statistiques', language: 'fr', keywords: ['statistiek'] }),
    record({ title: 'Wat is artificiële intelligentie?', ageFrom: 12, ageTo: 16 }),
    record({ title: 'AI in the classroom (in draft)', language: 'en', keywords: ['AI'] }),
    record({ title: 'Het weer op school', description: 'Meet de temperatuur.', ageFrom: 9, ageTo: 11 }),
    record({ title: 'Nederlands voor nieuwkomers: je voorstellen', ageFrom: 12, ageTo: 16 }),
  );
});
afterAll(() => platform?.stop());

const ask = async (q: string, more: Record<string, string> = {}) =>
  (await teacher.get(`/api/library/activities?${new URLSearchParams({ q, pageSize: '50', ...more })}`)).body;
const titles = async (q: string): Promise<string[]> => (await ask(q)).activities.map(({ title }: { title: string }) => title);

describe('content §4: what teachers type finds something sensible', () => {
  test.each([
    // Those of the research.
    ['programeren', /^Scratch/],
    ['beslisingsboom', /^Beslissingsboom$/],
    ['stelling van Pytagoras', /Pythagoras/],
    ['tafels 3de leerjaar', /tafel/i],
    ['tafels derde leerjaar', /tafel/i],
    ['lezen eerste leerjaar', /Poes/],
    ['1ste graad', /./],
    ['statistiek', /^GeoGebra/],
    ['klimaat', /klimaat/],
    ['AI', /artificiële intelligentie/],
    ['data', /GeoGebra/],
    // Others of their kind.
    ['coderen', /^Scratch/],
    ['computationeel denken', /^Scratch/],
    ['scheikunde', /^PhET/],
    ['okan', /nieuwkomers/],
    ['leesbegrip', /Poes/],
    ['plussommen', /Sommen tot 20/],
    ['natuurkunde', /^PhET/],
    ['geografie', /^Wikipedia/],
    ['opwarming', /klimaat/],
    ['breukenspel', /breuk/],
    ['grafiken', /./],
    ['kunstmatige intelligentie', /artificiële/],
    ['begrijpend lezen', /Poes/],
    ['machine learning', /artificiële/],
    ['pythagoras 2e graad secundair', /Pythagoras/],
    ['hefbomen', /evenwicht/],
    ['elektriciteit', /stroomkringen/],
  ])('“%s”', async (q, first) => {
    const found = await titles(q);
    expect(found.length, q).toBeGreaterThan(0);
    expect(found.slice(0, 3).join('\n')).toMatch(first);
  });

  test('the words themselves come before their synonyms, and the reader’s language before others', async () => {
    expect((await titles('programmeren'))[0]).toMatch(/^Scratch/);
    expect((await titles('klimaatverandering'))[0]).toBe('Wikipedia: klimaatverandering');
    const statistics = await titles('statistiek');
    const place = (title: string) => statistics.indexOf(title);
    expect(statistics.slice(0, -2).every((title) => !/Statistics|statistiques/.test(title))).toBe(true);
    expect(Math.min(place('Statistics at school'), place('Les statistiques'))).toBeGreaterThan(0);
    expect((await titles('AI')).at(-1)).toBe('AI in the classroom (in draft)');
  });

  test('says how a compound was divided, and divides none that nobody would understand', async () => {
    expect(await ask('breukenspel')).toMatchObject({ corrected: 'breuken spel' });
    expect(await ask('qwertyuiopas')).toMatchObject({ total: 0, corrected: null });
  });

  test('offers the concepts near the one that was named, which find something', async () => {
    const { related } = await ask('getallen');
    expect(related.map(({ label }: { label: string }) => label)).toContain('wiskunde');
    for (const { uri } of related) expect((await ask('', { concept: uri })).total).toBeGreaterThan(0);
    expect((await ask('xyzzy')).related).toEqual([]);
  });
});

test('synonyms go both ways and never name the word itself', () => {
  for (const word of ['programmeren', 'tafels', 'ai', 'fysica', 'okan']) {
    expect(synonymsOf(word).length).toBeGreaterThan(0);
    expect(synonymsOf(word)).not.toContain(word);
    for (const other of synonymsOf(word)) expect(synonymsOf(other)).toContain(word);
  }
  expect(synonymsOf('constructor')).toEqual([]);
});

test('a compound is divided with the letters that join its parts', () => {
  expect(divisionsOf('klimaatsverandering')).toContainEqual(['klimaat', 'verandering']);
  expect(divisionsOf('tafeloefening')).toContainEqual(['tafel', 'oefening']);
  expect(divisionsOf('boekentas')).toContainEqual(['boek', 'tas']);
  for (const short of ['', 'ab', 'abcde', '12345678', 'a'.repeat(41)]) expect(divisionsOf(short)).toEqual([]);
});
