import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { learningAreas } from '../../../ui/src/components/line/line-colours.js';
import { learningAreaOf, type PlacedConcept } from '../src/curriculum/learning-area.js';
import { dwengoRecords } from './dwengo.js';
import { realData } from './fixtures.js';
import { type LibraryPlatform, libraryPlatform } from './platform.js';

const curr1 = 'http://ilearn.ilabt.imec.be/vocab/curr1/';

const describeReal = realData === null ? () => {} : describe;

describeReal('the library with what MyWay and Dwengo made (shared data)', () => {
  let platform: LibraryPlatform;
  let teacher: Awaited<ReturnType<LibraryPlatform['as']>>;
  let report: string[];
  let stored: Awaited<ReturnType<LibraryPlatform['upsert']>>;

  beforeAll(async () => {
    platform = await libraryPlatform();
    report = await platform.importSkos(realData?.skos ?? []);
    stored = await platform.upsert(...dwengoRecords(realData?.objects ?? ''));
    teacher = await platform.as('teacher', await platform.school('De Regenboog'));
  });
  afterAll(() => platform?.stop());

  const find = async (query: Record<string, string>) =>
    (await teacher.get(`/api/library/activities?${new URLSearchParams({ pageSize: '100', ...query })}`)).body;
  const titles = async (q: string): Promise<string[]> =>
    (await find({ q })).activities.map(({ title }: { title: string }) => title);

  it('imports every concept, and changes nothing the second time', async () => {
    expect(report[0]).toBe('Read 8 schemes, 24 collections, 2,570 concepts, 4,674 labels.');
    const again = await platform.importSkos(realData?.skos ?? []);
    expect(again.filter((line) => line.startsWith('  unchanged'))).toHaveLength(8);
    expect(
      (await teacher.get('/api/library/concepts?limit=2000&scheme=http://ilearn.ilabt.imec.be/vocab/onddoel/_scheme')).body
        .concepts,
    ).toHaveLength(1618);
  });

  it('asks before importing a part again would remove the rest', async () => {
    const elem = realData?.skos.filter((path) => path.endsWith('elem.ttl')) ?? [];
    await expect(platform.importSkos(elem, { 'dry-run': true })).rejects.toThrow('they may contain only a part of it');
    expect((await find({})).facets.map(({ key }: { key: string }) => key)).toContain('sleutelcompetentie');
  });

  it('stores all objects with all their concepts, and changes nothing the second time', async () => {
    expect(stored).toMatchObject({ added: 251, unknownConcepts: [] });
    expect((await find({})).total).toBe(251);
  });

  it('ux 11: gives every learning area, building block and subject of the curriculum a fixed area', async () => {
    const concepts: PlacedConcept[] = await platform.work('library', ({ knex }) =>
      knex('newest_concepts as c')
        .whereRaw("c.uri ~ '/curr[12]/[lcst]-'")
        .select('uri', 'label', knex.raw('array(select ancestor from concept_ancestors where uri = c.uri) as ancestors')),
    );
    expect(concepts.length).toBeGreaterThan(130);
    const outside = concepts.filter((concept) => !(learningAreas as string[]).includes(learningAreaOf([concept]) ?? ''));
    expect(outside.map(({ label }) => label).sort()).toEqual(['extracurriculair', 'extracurriculair', 'extracurriculair']);
  });

  it('offers the facets of MyWay, named', async () => {
    const { facets } = await platform.work('library', async (services) => ({ facets: await services.facets.list() }));
    expect(facets.map(({ key, group }: { key: string; group: string | null }) => [key, group])).toEqual([
      ['leergebied', 'lager onderwijs'],
      ['sleutelcompetentie', 'secundair onderwijs'],
      ['vak', null],
      ['trefwoord', null],
      ['niveau', null],
      ['subniveau', null],
      ['opleidingsvorm', null],
      ['graad', null],
      ['leerjaar', null],
      ['stroom', null],
      ['finaliteit', null],
      ['onderwijsvorm', null],
      ['onderwijsdoel', null],
    ]);
  });

  it('finds what a teacher looks for', async () => {
    expect((await titles('beslissingsboom')).slice(0, 4).every((title) => /beslissingsb/i.test(title))).toBe(true);
    expect(await titles('beslissingsbo')).toEqual(await titles('beslissingsboom'));
    expect((await titles('wiskunde'))[0]).toBe('Wiskunde');
    expect((await titles('computationeel denken')).slice(0, 4).every((title) => /computationeel denken/i.test(title))).toBe(true);
    expect((await titles('neurale netwerken'))[0]).toBe('Opbouw diep neuraal netwerk');
    expect(await titles('coordinaat')).toEqual(await titles('coördinaat'));
    expect(await titles('xyzzy')).toEqual([]);
  });

  it('finds activities by a concept if they do not contain the word', async () => {
    const found = (await find({ q: 'getallen' })).activities;
    const onGetallenleer = found.filter(({ concepts }: { concepts: { uri: string }[] }) =>
      concepts.some(({ uri }) => uri === `${curr1}s-wiskunde-getallenleer`),
    );
    expect(onGetallenleer).toHaveLength(4);
  });

  it('filters by a key competence to activities on its building blocks', async () => {
    const { facets } = await find({});
    const tree = facets.find(({ key }: { key: string }) => key === 'sleutelcompetentie').values;
    const top = tree.find(({ label }: { label: string }) => label.startsWith('wiskunde'));
    const { total, activities } = await find({ concept: top.value });
    expect(total).toBe(top.count);
    expect(
      activities.every(({ concepts }: { concepts: { uri: string }[] }) =>
        concepts.some(({ uri }) => uri.startsWith(`${curr1}s-wiskunde`)),
      ),
    ).toBe(true);
  });

  it('counts in each facet what choosing it finds', async () => {
    for (const query of [{}, { q: 'regressie' }, { audience: 'pupil' }] as Record<string, string>[]) {
      const { facets } = await find(query);
      for (const { key, type, values } of facets) {
        for (const { value, count } of values.slice(0, 4)) {
          const { total } = await find({ ...query, facets: 'false', [type === 'concept' ? 'concept' : key]: value });
          expect([key, value, total]).toEqual([key, value, count]);
        }
      }
    }
  });
});

if (realData === null) {
  it('used the small curriculum only, because the shared data are missing', () => expect(realData).toBeNull());
}
