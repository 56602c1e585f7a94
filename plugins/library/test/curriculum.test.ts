import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { curriculum, inUse, prefixes, smallConfig, smallFiles, v, written } from './fixtures.js';
import { type LibraryPlatform, libraryPlatform } from './platform.js';

let platform: LibraryPlatform;
let teacher: Awaited<ReturnType<LibraryPlatform['as']>>;

beforeAll(async () => {
  platform = await libraryPlatform([], smallConfig);
  teacher = await platform.as('teacher', await platform.school('De Regenboog'));
});
afterAll(() => platform?.stop());

const schemes = async () => (await teacher.get('/api/library/schemes')).body.schemes;
const concept = async (name: string) => (await teacher.get(`/api/library/concept?uri=${encodeURIComponent(v(name))}`)).body;
const concepts = async (query: Record<string, string>): Promise<string[]> => {
  const { body } = await teacher.get(`/api/library/concepts?${new URLSearchParams(query)}`);
  return body.concepts.map(({ label }: { label: string }) => label);
};

describe('ilearn import skos', () => {
  it('stores nothing of a file with a syntax error on line 900, and reports its place and cause', async () => {
    const lines = prefixes.split('\n');
    lines.push('v:_scheme a skos:ConceptScheme .');
    while (lines.length < 899)
      lines.push(`v:c${lines.length} a skos:Concept ; skos:inScheme v:_scheme ; skos:prefLabel "begrip ${lines.length}"@nl .`);
    lines.push('v:fout a skos:Concept ; skos:prefLabel "niet gesloten .', 'v:na a skos:Concept .');
    const file = written('fout.ttl', lines.join('\n'));
    await expect(platform.importSkos([...smallFiles(), file])).rejects.toThrow(
      `${file}, line 900: Unexpected ""niet". Nothing was stored.`,
    );
    expect(await schemes()).toEqual([]);
  });

  it.each([
    ['an unknown prefix', `${prefixes}\nv:a a nergens:Concept .`, /line 12: Undefined prefix "nergens:"/],
    ['bytes that are no UTF-8', new Uint8Array([0x40, 0xff, 0xfe]), /It is not UTF-8 text/],
    ['no scheme at all', inUse, /contain no skos:ConceptScheme\. Nothing was stored/],
    ['an empty file', '', /contain no skos:ConceptScheme/],
  ])('refuses %s', async (_what, content, message) => {
    await expect(platform.importSkos([written('bad.ttl', content)])).rejects.toThrow(message);
    expect(await schemes()).toEqual([]);
  });

  it('refuses a missing file, a folder, and a call without a file', async () => {
    await expect(platform.importSkos(['/nergens/te/vinden.ttl'])).rejects.toThrow(
      '/nergens/te/vinden.ttl cannot be read: there is no such file',
    );
    await expect(platform.importSkos(['/'])).rejects.toThrow('it is a folder');
    await expect(platform.importSkos([])).rejects.toThrow('Name at least one Turtle file');
  });

  it('shows in a dry run what would change, and stores nothing', async () => {
    const printed = await platform.importSkos(smallFiles(), { 'dry-run': true });
    expect(printed[0]).toBe('Read 2 schemes, 4 collections, 5 concepts, 12 labels.');
    expect(printed.at(-1)).toBe('This was a dry run: nothing was stored.');
    expect(await schemes()).toEqual([]);
  });

  it('stores the files of one call together and reports what it read', async () => {
    const printed = await platform.importSkos(smallFiles());
    expect(printed[0]).toBe('Read 2 schemes, 4 collections, 5 concepts, 12 labels.');
    expect(printed.join('\n')).toMatch(/added {6}vakken \(http:\/\/example.org\/vak\/_scheme\), version 1: 5 concepts/);
    expect(await schemes()).toEqual([
      expect.objectContaining({ label: 'kolommen', newest: 1 }),
      expect.objectContaining({
        label: 'vakken',
        newest: 1,
        versions: [expect.objectContaining({ version: 1, declaredVersion: '1.0.0', concepts: 5, deprecated: 0 })],
      }),
    ]);
  });

  it('changes nothing if the same content is imported again, in any order', async () => {
    const statements = curriculum.slice(prefixes.length).split('\n\n').reverse().join('\n\n');
    const printed = await platform.importSkos([written('gebruik.ttl', inUse), written('omgekeerd.ttl', prefixes + statements)]);
    expect(printed.filter((line) => /^ {2}(added|changed)/.test(line))).toEqual([]);
    expect((await schemes()).map(({ newest }: { newest: number }) => newest)).toEqual([1, 1]);
  });

  it('creates a new version of the changed scheme, keeps the old one, and keeps missing concepts as deprecated', async () => {
    await platform.upsert({
      source: 'test',
      sourceId: 'op-breuken',
      school: null,
      title: 'Taart verdelen',
      description: '',
      language: 'nl',
      provider: 'Proefuitgever',
      minutes: 10,
      ageFrom: 8,
      ageTo: 10,
      difficulty: null,
      teacherOnly: false,
      available: true,
      conceptUris: [v('breuken')],
      keywords: [],
      content: { kind: 'text', markdown: 'Deel eerlijk.' },
    });
    const changed = curriculum
      .replace(/v:breuken a skos:Concept[\s\S]*?SHORTLABEL> \./, '')
      .replace('skos:related v:breuken', 'skos:related v:taal')
      .replace('"getallenleer"@nl', '"leer der getallen"@nl')
      .replaceAll('v:getallen v:breuken', 'v:getallen')
      .replaceAll(', v:getallen, v:breuken', ', v:getallen');
    const printed = await platform.importSkos([written('vakken-2.ttl', changed), written('gebruik.ttl', inUse)]);
    expect(printed.join('\n')).toMatch(/changed {4}vakken .*version 2: 4 concepts; 1 no longer in it, kept as deprecated/);
    expect(printed.join('\n')).toContain('Renewed the search words of 1 activities.');

    expect(await concept('breuken')).toMatchObject({
      label: 'breuken',
      deprecated: true,
      broader: [{ label: 'leer der getallen' }],
    });
    expect(await concept('getallen')).toMatchObject({ label: 'leer der getallen', deprecated: false });
    expect(await concepts({ scheme: v('_scheme'), version: '1' })).toContain('getallenleer');
    expect(await concepts({ scheme: v('_scheme'), version: '2' })).toContain('leer der getallen');

    const found = (await teacher.get('/api/library/activities?q=leer+der+getallen')).body.activities;
    expect(found).toMatchObject([{ title: 'Taart verdelen', concepts: [{ uri: v('breuken'), label: 'breuken' }] }]);
  });

  it('stores a return to older content as a new version', async () => {
    await platform.importSkos(smallFiles());
    expect((await schemes()).find(({ label }: { label: string }) => label === 'vakken')).toMatchObject({ newest: 3 });
    expect(await concept('breuken')).toMatchObject({ deprecated: false });
  });

  it('leaves schemes unchanged that are not in the files', async () => {
    await platform.importSkos([
      written('ander.ttl', `${prefixes} <http://example.org/ander> a skos:ConceptScheme ; skos:prefLabel "ander"@nl .`),
    ]);
    expect((await schemes()).map(({ label }: { label: string }) => label)).toEqual(['ander', 'kolommen', 'vakken']);
    expect(await concept('taal')).toMatchObject({ deprecated: false });
  });
});

describe('reading the curriculum', () => {
  it('finds concepts by any of their labels, by prefixes and without accents', async () => {
    expect(await concepts({ q: 'reken' })).toEqual(['getallenleer']);
    expect(await concepts({ q: 'mathematics' })).toEqual(['wiskunde']);
    expect(await concepts({ q: 'eerlijk delen' })).toEqual(['1.2 De leerlingen delen eerlijk.']);
  });

  it('lists the tree level by level', async () => {
    expect(await concepts({ collection: 'http://example.org/kolommen/vakken' })).toEqual(['Nederlands', 'wiskunde']);
    expect(await concepts({ broader: v('wiskunde') })).toEqual(['getallenleer']);
  });

  it('answers 404 for an unknown concept, 400 for a version without a scheme, 403 to a pupil', async () => {
    expect((await teacher.get('/api/library/concept?uri=http://example.org/niets')).status).toBe(404);
    expect((await teacher.get('/api/library/concepts?version=1')).status).toBe(400);
    const pupil = await platform.as('pupil', await platform.school('De Kleurdoos'));
    expect((await pupil.get('/api/library/concepts')).status).toBe(403);
  });
});
