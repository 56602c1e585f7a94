import { afterAll, beforeAll, expect, it } from 'vitest';
import { prefixes, v, written } from './fixtures.js';
import { type LibraryPlatform, libraryPlatform } from './platform.js';

let platform: LibraryPlatform;
beforeAll(async () => {
  platform = await libraryPlatform();
});
afterAll(() => platform?.stop());

/** A scheme of this many concepts, with one collection that holds them all. */
const scheme = (name: string, count: number, from = 0) => {
  const concepts = Array.from({ length: count }, (_, index) => `v:${name}${from + index}`);
  return `${prefixes}
v:${name}_scheme a skos:ConceptScheme ; skos:prefLabel "${name}"@nl .
${concepts.map((concept) => `${concept} a skos:Concept ; skos:inScheme v:${name}_scheme ; skos:prefLabel "${concept.slice(2)}"@nl .`).join('\n')}
v:${name}_all a skos:Collection ; skos:inScheme v:${name}_scheme ; skos:prefLabel "alle"@nl ; skos:member ${concepts.join(', ')} .
`;
};
const file = (name: string, count: number, from = 0) => written(`${name}-${count}-${from}.ttl`, scheme(name, count, from));

/** How many concepts of the newest version are in use, and how many are kept as deprecated. */
const concepts = (name: string) =>
  platform.work('library', async ({ knex }) => {
    const rows: { deprecated: boolean }[] = await knex('newest_concepts')
      .where('scheme_uri', 'like', `%${name}_scheme`)
      .select('deprecated');
    const deprecated = rows.filter((row) => row.deprecated).length;
    return [rows.length - deprecated, deprecated];
  });

it('content D9: a file with a part of a scheme deprecates the rest only if that is allowed', async () => {
  await platform.importSkos([file('deel', 200)]);
  const part = file('deel', 150);
  await expect(platform.importSkos([part])).rejects.toThrow(
    /50 of 200 concepts[\s\S]*50 of 200 members of collections[\s\S]*--allow-removals/,
  );
  expect(await concepts('deel')).toEqual([200, 0]);
  await expect(platform.importSkos([part], { 'dry-run': true })).rejects.toThrow(/50 of 200 concepts/);
  await platform.importSkos([part], { 'allow-removals': true });
  expect(await concepts('deel')).toEqual([150, 50]);
  // What was deprecated before is not lost once more.
  expect((await platform.importSkos([file('deel', 149)])).join('\n')).toContain('changed');
});

it('a curriculum with a few changes needs no confirmation', async () => {
  await platform.importSkos([file('klein', 12)]);
  await platform.importSkos([file('klein', 3)]);
  expect(await concepts('klein')).toEqual([3, 9]);
  await platform.importSkos([file('groot', 300)]);
  await platform.importSkos([file('groot', 280)]);
  expect(await concepts('groot')).toEqual([280, 20]);
});

it('content D9: onlyNew leaves every existing scheme unchanged, and stores the others', async () => {
  await platform.importSkos([file('eerst', 40)]);
  await platform.work('library', ({ curriculum }) =>
    curriculum.importFrom([file('eerst', 2), file('nieuw', 2)], { onlyNew: true }),
  );
  expect(await concepts('eerst')).toEqual([40, 0]);
  expect(await concepts('nieuw')).toEqual([2, 0]);
});

it('content D3: a new version of a scheme keeps the concepts of activities, even if it no longer contains them', async () => {
  await platform.importSkos([file('versie', 8)]);
  const uri = (number: number) => v(`versie${number}`);
  const { ids } = await platform.upsert({
    source: 'test',
    sourceId: 'versie',
    school: null,
    title: 'Op twee begrippen',
    description: '',
    language: 'nl',
    provider: 'Proef',
    minutes: null,
    ageFrom: null,
    ageTo: null,
    difficulty: null,
    teacherOnly: false,
    available: true,
    conceptUris: [uri(0), uri(7)],
    keywords: [],
    content: { kind: 'text', markdown: 'Tekst.' },
  });
  const labels = () =>
    platform.work('library', async ({ activities }) =>
      (await activities.get(ids[0] as string)).concepts.map(({ label }: any) => label),
    );
  expect(await labels()).toEqual(['versie0', 'versie7']);
  await platform.importSkos([written('versie-2.ttl', scheme('versie', 7).replace('"versie0"@nl', '"begin"@nl'))]);
  expect((await labels()).sort()).toEqual(['begin', 'versie7']);
});

it('content D9: search words of very many activities are renewed by a job, and those of others are not', async () => {
  await platform.importSkos([file('veel', 5)]);
  await platform.importSkos([file('ander', 5)]);
  const many = 1200;
  await platform.work('library', async ({ knex }) => {
    await knex.raw(
      `insert into activities (id, source, source_id, kind, title, description, language, provider, teacher_only, available, keywords,
         content, content_hash)
       select gen_random_uuid(), 'many', n::text, 'text', 'Nummer ' || n, '', 'nl', 'Proef', false, true, '{}', '{}', '' from generate_series(1, ?) n`,
      [many],
    );
    await knex.raw(
      `insert into activity_concepts (activity_id, concept_uri) select id, ? from activities where source = 'many'`,
      [v('veel1')],
    );
  });
  const indexed = () =>
    platform.work('library', async ({ knex }) =>
      Number((await knex('activities').where({ source: 'many' }).whereRaw("search <> ''::tsvector").count())[0].count),
    );
  await platform.importSkos([written('ander-2.ttl', scheme('ander', 5).replace('"ander1"@nl', '"iets anders"@nl'))]);
  await platform.drain();
  expect(await indexed()).toBe(0);
  const printed = await platform.importSkos([written('veel-2.ttl', scheme('veel', 5).replace('"veel1"@nl', '"vernieuwd"@nl'))]);
  expect(printed.join('\n')).toContain('renews the search words of 1,200 activities');
  await platform.drain();
  expect(await indexed()).toBe(many);
});
