import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import myway from '@ilearn/plugin-myway';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readDwengo } from '../src/dwengo/read.js';
import { learningObject, learningPath } from './dwengo-samples.js';
import { createWorld, type World } from './world.js';

let world: World;
let folder: string;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dwengo-'));
  await mkdir(join(folder, 'objects'));
  await mkdir(join(folder, 'paths'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const object = (hruid: string, over: Partial<Parameters<typeof learningObject>[0]> = {}) =>
  writeFile(join(folder, 'objects', `${hruid}.nl.md`), learningObject({ hruid, ...over }));
const path = (hruid: string, objects: string[], title?: string) =>
  writeFile(join(folder, 'paths', `${hruid}.json`), learningPath(hruid, objects, title));

/** Runs `ilearn import dwengo` as the command line does; the lines that it prints, and how far the bar came. */
async function run(from = folder): Promise<{ lines: string[]; bar: { total: number; done: number; stopped: boolean } }> {
  const lines: string[] = [];
  const bar = { total: 0, done: 0, stopped: false };
  const command = myway.commands?.find(({ name }) => name === 'import dwengo');
  await command?.run({
    args: [from],
    options: {},
    work: (fn) => world.platform.work('myway', fn),
    progress: {
      start: (_label, total) => {
        bar.total = total;
      },
      advance: (by = 1) => {
        bar.done += by;
      },
      stop: () => {
        bar.stopped = true;
      },
    },
    print: (line) => void lines.push(line),
  });
  return { lines, bar };
}
const shared = async () => (await world.teacher.client.get('/api/myway/paths?scope=shared&limit=100')).body;
const rows = () =>
  world.platform.work('myway', async ({ knex }) => [await knex('paths').orderBy('id'), await knex('steps').orderBy('id')]);

describe('ilearn import dwengo', () => {
  it('adds objects to the library and paths to the shared ones, for every school, with progress and a report', async () => {
    await object('a', { title: 'Een', body: '![graaf](embed/g.png)\n\nTekst.' });
    await object('b', { title: 'Twee', difficulty: '6', head: 'skos_concepts: ["http://example.org/onbekend"]' });
    await path('p', ['a', 'b'], 'Grafen');
    const { lines, bar } = await run();
    expect(lines).toEqual([
      'Learning objects: 2 added, 0 changed, 0 unchanged',
      'Learning paths:   1 added, 0 changed, 0 unchanged',
      'Pictures of paths are not stored (1 path has one).',
      '',
      'Taken, with these remarks:',
      '  objects/a.nl.md: not shown, its text is kept: embed/g.png (the file is not there)',
      '  objects/b.nl.md: difficulty 6 left out: not a whole number from 1 to 5',
      '  objects/b.nl.md: concept <http://example.org/onbekend> left out: no imported scheme contains it',
    ]);
    expect(bar).toEqual({ total: 3, done: 3, stopped: true });
    for (const { client } of [world.teacher, world.stranger]) {
      const { body } = await client.get('/api/myway/paths?scope=shared&q=Grafen');
      expect(body.paths).toMatchObject([
        { title: 'Grafen', scope: 'shared', editable: false, steps: [{ shownTitle: 'Een' }, { shownTitle: 'Twee' }] },
      ]);
    }
  });

  it('changes nothing the second time, and only the differences the third', async () => {
    await object('c');
    await object('d');
    await path('q', ['c', 'd']);
    await run();
    const before = await rows();
    expect((await run()).lines.slice(0, 2)).toEqual([
      'Learning objects: 0 added, 0 changed, 2 unchanged',
      'Learning paths:   0 added, 0 changed, 1 unchanged',
    ]);
    expect(await rows()).toEqual(before);
    await object('d', { title: 'Nieuwe titel' });
    await path('q', ['d', 'c']);
    expect((await run()).lines.slice(0, 2)).toEqual([
      'Learning objects: 0 added, 1 changed, 1 unchanged',
      'Learning paths:   0 added, 1 changed, 0 unchanged',
    ]);
    const found = (await shared()).paths.find((each: { title: string }) => each.title === 'Pad q');
    expect(found.steps.map((step: { shownTitle: string }) => step.shownTitle)).toEqual(['Nieuwe titel', 'Titel c']);
  });

  it('keeps the ways of a path as a branch in which the teacher chooses', async () => {
    for (const hruid of ['v1', 'v2', 'v3', 'v4']) await object(hruid);
    const to = (hruid: string) => ({ next: { hruid, version: '3', language: 'nl' } });
    const node = (hruid: string, ...transitions: object[]) => ({
      ...{ learningobject_hruid: hruid, version: '3', language: 'nl', start_node: hruid === 'v1', transitions },
    });
    const store = (...nodes: object[]) =>
      writeFile(join(folder, 'paths', 'v.json'), JSON.stringify({ hruid: 'v', language: 'nl', title: 'Vertakt', nodes }));
    await store(node('v1', to('v2'), to('v3')), node('v2', to('v4')), node('v3', to('v4')), node('v4'));
    await run();
    const found = async () => {
      const { id } = (await shared()).paths.find(({ title }: { title: string }) => title === 'Vertakt');
      return (await world.teacher.client.get(`/api/myway/paths/${id}`)).body;
    };
    const given = await found();
    expect(given).toMatchObject({
      blocks: [{ id: 'dwengo-1', on: 'teacher', arms: [{ title: 'Titel v2' }, { title: 'Titel v3' }] }],
      steps: [{ block: null }, { block: 'dwengo-1', arm: 'way-1' }, { block: 'dwengo-1', arm: 'way-2' }, { block: null }],
    });
    expect((await run()).lines[1]).toBe('Learning paths:   0 added, 0 changed, 1 unchanged');
    const { id } = await world.assign(given.id);
    const [pupil] = world.pupils;
    const choose = `/api/myway/assignments/${id}/pupils/${pupil.id}/branches/dwengo-1`;
    expect((await world.teacher.client.put(choose, { arm: 'way-2' })).status).toBe(200);
    const titles = async () => (await pupil.client.get(`/api/myway/my-paths/${id}`)).body.steps.map(({ title }: any) => title);
    expect(await titles()).toEqual(['Titel v1', 'Titel v3', 'Titel v4']);
    await store(node('v1', to('v2')), node('v2', to('v4')), node('v4'));
    expect((await run()).lines[1]).toBe('Learning paths:   0 added, 1 changed, 0 unchanged');
    expect(await found()).toMatchObject({ blocks: [], steps: [{ block: null }, { block: null }, { block: null }] });
    expect(await titles()).toEqual(['Titel v1', 'Titel v2', 'Titel v4']);
  });

  it('keeps pupils’ results when a path is imported again', async () => {
    await object('e');
    await object('f');
    await path('r', ['e', 'f'], 'Loopt al');
    await run();
    const given = (await shared()).paths.find((each: { title: string }) => each.title === 'Loopt al');
    const assignment = await world.assign(given.id);
    const [pupil] = world.pupils;
    await pupil.client.post(`/api/myway/my-paths/${assignment.id}/steps/${given.steps[0].id}/done`);
    await object('g');
    await path('r', ['g', 'e', 'f'], 'Loopt al');
    await run();
    expect((await pupil.client.get(`/api/myway/my-paths/${assignment.id}`)).body.steps).toMatchObject([
      { title: 'Titel g', state: 'todo', next: true },
      { title: 'Titel e', state: 'done' },
      { title: 'Titel f', state: 'todo' },
    ]);
  });

  it('stores nothing if one file is invalid', async () => {
    await object('h');
    await path('s', ['h'], 'Nooit');
    await writeFile(join(folder, 'paths', 'broken.json'), '{\n  "hruid": "x",\n}');
    const before = await rows();
    await expect(run()).rejects.toThrow('1 fault; nothing was imported.\n  paths/broken.json, line 3: invalid JSON');
    expect(await rows()).toEqual(before);
    const library = await world.teacher.client.get('/api/library/activities?q=Titel%20h');
    expect(library.body.total).toBe(0);
  });

  it('requires one folder, and reports what the folder lacks', async () => {
    await expect(run(join(folder, 'nowhere'))).rejects.toThrow(/has no folder "objects"/);
    const command = myway.commands?.find(({ name }) => name === 'import dwengo');
    await expect(
      command?.run({ args: [], options: {}, work: async () => null as never, progress: {} as never, print: () => {} }),
    ).rejects.toThrow('Name one folder');
  });

  it('lets a teacher copy a shared path, but not change it', async () => {
    await object('i');
    await path('t', ['i'], 'Gedeeld pad');
    await run();
    const found = (await shared()).paths.find((each: { title: string }) => each.title === 'Gedeeld pad');
    const { client } = world.teacher;
    expect((await client.delete(`/api/myway/paths/${found.id}`)).status).toBe(403);
    expect(
      (await client.put(`/api/myway/paths/${found.id}`, { version: 1, title: 'X', description: '', sequence: 'free', steps: [] }))
        .status,
    ).toBe(403);
    expect(await client.post(`/api/myway/paths/${found.id}/copy`, {})).toMatchObject({
      status: 201,
      body: { scope: 'own', title: 'Gedeeld pad' },
    });
  });
});

/** What Dwengo itself publishes; not part of this project, so only looked at where it is. */
const published = resolve(import.meta.dirname, '../../../../shared/data/dwengo');

const describePublished = existsSync(published) ? describe : () => {};

describePublished('Dwengo’s own 37 paths and 251 objects', () => {
  it('are all imported, twice, the second time without a change', async () => {
    const known = (await shared()).total;
    const { lines } = await run(published);
    expect(lines.slice(0, 3)).toEqual([
      'Learning objects: 251 added, 0 changed, 0 unchanged',
      'Learning paths:   37 added, 0 changed, 0 unchanged',
      'Pictures of paths are not stored (37 paths have one).',
    ]);
    expect(lines.filter((line) => line.startsWith('  paths/'))).toEqual([
      '  paths/ct03_cases.json: ct03_62/nl/3 leads to ct03_80/nl/3, which is not a node of the path; went on with ct03_70/nl/3, the next one in the file',
      '  paths/maths_parameters.json: pn_voorkennisparameter/nl/3 leads to zpn_voorkennisparameter/nl/3, which is not a node of the path; went on with pn_parameterrechte/nl/3, the next one in the file',
    ]);
    const before = await rows();
    expect((await run(published)).lines.slice(0, 2)).toEqual([
      'Learning objects: 0 added, 0 changed, 251 unchanged',
      'Learning paths:   0 added, 0 changed, 37 unchanged',
    ]);
    expect(await rows()).toEqual(before);
    const { paths, total } = await shared();
    expect(total - known).toBe(37);
    const steps = paths.reduce((sum: number, each: { steps: unknown[] }) => sum + each.steps.length, 0);
    expect(steps).toBeGreaterThanOrEqual(269);
  });
});

describePublished('the folders of Dwengo’s makers', () => {
  it('content D5, D13: show pictures and formulas to the reader', async () => {
    const makers = await mkdtemp(join(tmpdir(), 'makers-'));
    await symlink(join(published, 'with-files'), join(makers, 'objects'));
    await mkdir(join(makers, 'paths'));
    const { objects, remarks } = await readDwengo(makers);
    const pictures = objects.reduce(
      (sum, { record }) => sum + (record.content.markdown?.split('](data:image/').length ?? 1) - 1,
      0,
    );
    expect(objects).toHaveLength(138);
    expect(pictures).toBeGreaterThan(120);
    // Pictures that the shared data leave out.
    expect(remarks.filter(({ message }) => /file is not there/.test(message))).toHaveLength(4);
    await world.platform.work('myway', ({ library }) => library.activities.upsert(objects.map(({ record }) => record)));
    const { body } = await world.teacher.client.get('/api/library/activities?q=lesliematrix&facets=false');
    const shown = (await world.teacher.client.get(`/api/library/activities/${body.activities[0].id}/content`)).body.markdown;
    expect(shown).toContain('<math display="block"><mrow><msub><mi>v</mi><mn>0</mn></msub>');
    expect(shown).not.toMatch(/<code>|\\\\[([]/);
    await rm(makers, { recursive: true });
  });
});

describe('content D12: shared paths in several languages', () => {
  it('content D12: show their language, those in the reader’s first, and can be filtered by language', async () => {
    await object('taal', { title: 'Taal' });
    for (const [language, title] of [
      ['nl', 'Zebra taalproef'],
      ['en', 'Apple taalproef'],
      ['fr', 'Banane taalproef'],
    ] as const) {
      await writeFile(
        join(folder, 'paths', `taal.${language}.json`),
        learningPath('taal', ['taal'], title).replace('"language": "nl",\n  "title"', `"language": "${language}",\n  "title"`),
      );
    }
    await run();
    const list = async (more = '', language = 'nl') =>
      (
        await world.teacher.client.request('GET', `/api/myway/paths?scope=shared&q=taalproef${more}`, {
          headers: { 'accept-language': language },
        })
      ).body;
    const titles = ({ paths }: { paths: { title: string; language: string }[] }) =>
      paths.map(({ title, language }) => `${language} ${title.split(' ')[0]}`);
    expect(titles(await list())).toEqual(['nl Zebra', 'en Apple', 'fr Banane']);
    expect(titles(await list('', 'fr'))).toEqual(['fr Banane', 'en Apple', 'nl Zebra']);
    const french = await list('&language=fr');
    expect(titles(french)).toEqual(['fr Banane']);
    expect(french).toMatchObject({ total: 1, languages: [{ count: 1 }, { count: 1 }, { count: 1 }] });
  });
});

describe('content D3: a new version of an object', () => {
  const progress = async (assignmentId: string) => {
    const { body } = await world.teacher.client.get(`/api/myway/assignments/${assignmentId}/progress`);
    return { steps: body.steps.map(({ title }: { title: string }) => title), done: body.rows[0].done, total: body.rows[0].total };
  };
  const found = async (word: string) =>
    (await world.teacher.client.get(`/api/library/activities?q=${word}&facets=false`)).body.activities.map(
      ({ title }: { title: string }) => title,
    );
  const started = async (pathName: string) => {
    const [one] = (await shared()).paths.filter(({ title }: { title: string }) => title === pathName);
    const assignment = await world.assign(one.id);
    const { body } = await world.teacher.client.get(`/api/myway/paths/${one.id}`);
    for (const step of body.steps) {
      const { status } = await world.pupils[0].client.post(`/api/myway/my-paths/${assignment.id}/steps/${step.id}/done`);
      expect(status).toBe(200);
    }
    return assignment.id as string;
  };

  it('content D3: keeps the steps of running assignments and pupils’ results; the library shows only the newest', async () => {
    await object('d3a', { title: 'Versieproef een' });
    await object('d3b', { title: 'Versieproef twee' });
    await path('d3', ['d3a', 'd3b'], 'Pad met versies');
    await run();
    const assignment = await started('Pad met versies');
    expect(await progress(assignment)).toEqual({ steps: ['Versieproef een', 'Versieproef twee'], done: 2, total: 2 });

    await object('d3a', { title: 'Versieproef een, vernieuwd', version: 4 });
    const raised = learningPath('d3', ['d3a', 'd3b'], 'Pad met versies').replace('"version": "3"', '"version": "4"');
    await writeFile(join(folder, 'paths', 'd3.json'), raised);
    const { lines } = await run();
    expect(lines).toContain('Learning objects: 0 added, 1 changed, 1 unchanged');
    expect(await progress(assignment)).toEqual({ steps: ['Versieproef een, vernieuwd', 'Versieproef twee'], done: 2, total: 2 });
    expect((await found('versieproef')).sort()).toEqual(['Versieproef een, vernieuwd', 'Versieproef twee']);
  });

  it('uses the newest of several in one folder, and reports which path referred to another', async () => {
    await object('d3c', { title: 'Oud', version: 9 });
    await writeFile(join(folder, 'objects', 'd3c-new.nl.md'), learningObject({ hruid: 'd3c', title: 'Nieuwst', version: 10 }));
    await path('d3c', ['d3c'], 'Pad naar versie 3');
    const { lines } = await run();
    expect(lines).toContain('  objects/d3c.nl.md: d3c/nl/10 is newer');
    expect(lines).toContain('  paths/d3c.json: it names d3c/nl/3; d3c/nl/10 was taken');
    expect(await progress(await started('Pad naar versie 3'))).toEqual({ steps: ['Nieuwst'], done: 1, total: 1 });
  });

  it('of an older database keeps its steps: several activities of one object become one', async () => {
    await object('d3d', { title: 'Van vroeger', version: 5 });
    await path('d3d', ['d3d'], 'Pad van vroeger');
    await run();
    const assignment = await started('Pad van vroeger');
    // As it was: each version an activity, and the step points to the older one.
    await world.platform.work('library', async ({ knex }) => {
      await knex('activities').where({ source: 'dwengo', source_id: 'd3d/nl' }).update({ source_id: 'd3d/nl/3' });
      await knex.raw(
        `insert into activities (id, school_id, source, source_id, kind, title, description, language, provider, teacher_only, available,
           keywords, content, content_hash)
         select gen_random_uuid(), school_id, source, 'd3d/nl/5', kind, title, description, language, provider, teacher_only, available,
           keywords, content, content_hash from activities where source_id = 'd3d/nl/3'`,
      );
      const up = (await import('@ilearn/plugin-library')).default.migrations?.find(({ name }) => name.startsWith('0003'))?.up;
      await knex.raw((up as string).slice((up as string).indexOf('with versions')));
    });
    expect(await progress(assignment)).toEqual({ steps: ['Van vroeger'], done: 1, total: 1 });
    expect((await found('vroeger')).filter((title: string) => title === 'Van vroeger')).toEqual([]);
    const { lines } = await run();
    expect(lines).toContain('Learning objects: 0 added, 0 changed, 1 unchanged');
    expect(await progress(assignment)).toEqual({ steps: ['Van vroeger'], done: 1, total: 1 });
  });
});

it('content D4: a folder of more files than a process may open is imported', { timeout: 120_000 }, async () => {
  const files = 1600;
  for (let number = 0; number < files; number++) await object(`many${number}`);
  // The limit is of the process, so another one reads.
  const read = `import('${new URL('../dist/dwengo/read.js', import.meta.url)}').then(({ readDwengo }) => readDwengo('${folder}')).then(({ objects }) => console.log(objects.length))`;
  const { stdout } = await promisify(execFile)('sh', [
    '-c',
    `ulimit -n 256; exec "${process.execPath}" --input-type=module -e "${read}"`,
  ]);
  expect(stdout.trim()).toBe(String(files));
});
