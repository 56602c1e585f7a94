import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readQuestion } from '../src/activities/asked.js';
import { editDistance } from '../src/activities/edit-distance.js';
import { type LibraryPlatform, libraryPlatform, record } from './platform.js';

describe('content D11: a query is parsed', () => {
  it.each([
    ['tafels 3de leerjaar', ['tafels'], ['3e leerjaar 8-9']],
    ['lezen eerste leerjaar', ['lezen'], ['1e leerjaar 6-7']],
    ['1ste graad', [], ['1e graad 6-8 12-14']],
    ['breuken 2de graad secundair onderwijs', ['breuken'], ['2e graad 14-16']],
    ['lager 3e graad', [], ['3e graad 10-12']],
    ['secundair 4e leerjaar wiskunde', ['wiskunde'], ['4e leerjaar 15-16']],
    ['leerjaar 5', [], ['5e leerjaar 10-11']],
    ['calcul troisième année primaire', ['calcul'], ['3e leerjaar 8-9']],
    ['reading 2nd grade', ['reading'], ['2e leerjaar 7-8']],
    ['tweede kleuterklas kleuren', ['kleuren'], ['2e kleuterklas 4-5']],
    ['3 jaar', ['3', 'jaar'], []],
    ['graad van verwantschap', ['graad', 'van', 'verwantschap'], []],
    ['9de leerjaar', ['9de', 'leerjaar'], []],
    ['eerste hulp', ['eerste', 'hulp'], []],
  ])('“%s”', (text, words, levels) => {
    const asked = readQuestion(text);
    expect(asked.words).toEqual(words);
    expect(asked.levels.map(({ name, ages }) => [name, ...ages.map(({ from, to }) => `${from}-${to}`)].join(' '))).toEqual(
      levels,
    );
  });

  it('for any words, without losing or inventing one', () => {
    const word = fc.oneof(
      fc.constantFrom('3de', 'leerjaar', 'graad', 'lager', 'secundair', 'eerste', '2', 'jaar'),
      fc.stringMatching(/^[a-z]{1,8}$/),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 10 }), (words) => {
        const asked = readQuestion(words.join(' '));
        const back = [...asked.words, ...asked.levels.flatMap(({ text }) => text.split(' '))];
        if (asked.levels.length < 3) expect(back.sort()).toEqual([...words].sort());
      }),
    );
  });

  it('letter by letter: any single typing error counts as one', () => {
    expect(editDistance('programeren', 'programmeren')).toBe(1);
    expect(editDistance('pytagoras', 'pythagoras')).toBe(1);
    expect(editDistance('beslisisngsboom', 'beslissingsboom')).toBe(1);
    expect(editDistance('', 'abc')).toBe(3);
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
      }),
    );
  });
});

describe('content D11: search', () => {
  let platform: LibraryPlatform;
  let teacher: Awaited<ReturnType<LibraryPlatform['as']>>;
  let neighbour: typeof teacher;

  beforeAll(async () => {
    platform = await libraryPlatform();
    const [here, there] = [await platform.school('De Regenboog'), await platform.school('De Kleurdoos')];
    teacher = await platform.as('teacher', here);
    neighbour = await platform.as('teacher', there);
    await platform.upsert(
      record({ title: 'Programmeren met blokken', ageFrom: 8, ageTo: 10 }),
      record({ title: 'Een beslissingsboom maken' }),
      record({ title: 'Stelling van Pythagoras', ageFrom: 13, ageTo: 14 }),
      record({ title: 'Tafels oefenen', ageFrom: 8, ageTo: 9 }),
      record({ title: 'Tafels herhalen', ageFrom: 12, ageTo: 13 }),
      record({ title: 'Statistics for beginners', language: 'en', keywords: ['statistiek', 'klimaat'] }),
      record({ title: 'Statistiek (in draft)', keywords: ['klimaat'] }),
      record({ title: 'Statistiek in de klas', keywords: ['klimaat'] }),
      record({ title: 'La statistique', language: 'fr', keywords: ['statistiek', 'klimaat'] }),
      record({ title: 'Geheimschriftje', school: there }),
    );
  });
  afterAll(() => platform?.stop());

  const find = async (q: string, { language = 'nl', client = teacher, more = '' } = {}) =>
    (
      await client.request('GET', `/api/library/activities?${new URLSearchParams({ q })}${more}`, {
        headers: { 'accept-language': language },
      })
    ).body;
  const titles = ({ activities }: { activities: { title: string }[] }) => activities.map(({ title }) => title);

  it.each([
    ['programeren', 'programmeren', 'Programmeren met blokken'],
    ['beslisingsboom', 'beslissingsboom', 'Een beslissingsboom maken'],
    ['stelling van Pytagoras', 'stelling van pythagoras', 'Stelling van Pythagoras'],
    ['programmreen 3de leerjaar', 'programmeren 3de leerjaar', 'Programmeren met blokken'],
  ])('content D11: forgives the typing error in “%s”', async (q, corrected, title) => {
    const found = await find(q);
    expect(found).toMatchObject({ corrected, without: [] });
    expect(titles(found)).toEqual([title]);
    expect(found.facets.length).toBeGreaterThan(0);
  });

  it('leaves a query alone that finds something', async () => {
    expect(await find('tafels')).toMatchObject({ corrected: null, without: [], levels: [], total: 2 });
  });

  it('content D11: maps “3de leerjaar” to ages, and says so', async () => {
    for (const q of ['tafels 3de leerjaar', 'tafels derde leerjaar', '3e leerjaar lager tafels']) {
      const found = await find(q);
      expect([q, titles(found)]).toEqual([q, ['Tafels oefenen']]);
      expect(found.levels[0].ages).toEqual([{ from: 8, to: 9 }]);
    }
    expect(titles(await find('1ste graad secundair')).sort()).toEqual(['Stelling van Pythagoras', 'Tafels herhalen']);
  });

  it('content D11: shows the reader’s language first, and drafts after finished activities', async () => {
    const [first, second, third, last] = titles(await find('statistiek'));
    expect([first, last]).toEqual(['Statistiek in de klas', 'Statistiek (in draft)']);
    expect([second, third].sort()).toEqual(['La statistique', 'Statistics for beginners']);
    for (const [language, first] of [
      ['fr', 'La statistique'],
      ['en', 'Statistics for beginners'],
    ] as const) {
      expect(titles(await find('klimaat', { language }))[0]).toBe(first);
    }
  });

  it('content D11: says which word to remove, and how many results that gives', async () => {
    const found = await find('tafels pythagoras');
    expect(found).toMatchObject({ total: 0, corrected: null });
    expect(found.without).toEqual([
      { word: 'pythagoras', q: 'tafels', count: 2 },
      { word: 'tafels', q: 'pythagoras', count: 1 },
    ]);
    for (const { q, count } of found.without) expect((await find(q)).total).toBe(count);
    expect((await find('tafels pythagoras', { more: '&age=8-9' })).without).toEqual([
      { word: 'pythagoras', q: 'tafels', count: 1 },
    ]);
    expect((await find('xylofoon zwanenzang')).without).toEqual([]);
  });

  it('suggests no word that only another school’s activities contain', async () => {
    expect(titles(await find('geheimschriftje', { client: neighbour }))).toEqual(['Geheimschriftje']);
    expect(await find('geheimschriftje')).toMatchObject({ total: 0, corrected: null });
    expect(JSON.stringify(await find('geheimschriftj tafels'))).not.toContain('geheimschriftje');
  });

  it.each([
    ['long words', 'a'.repeat(180)],
    ['many words', 'zz '.repeat(60)],
    ['operators', `programeren & ! ( ) : * ' \\ % _ ? $1`],
    ['other alphabets', 'программирование 数学 🙂'],
  ])('is not disturbed by %s', async (_what, q) => {
    expect(await find(q)).toMatchObject({ total: expect.any(Number) });
  });
});
