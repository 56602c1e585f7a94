import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { CommandError } from '@ilearn/core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ImportRefused } from '../src/dwengo/fault.js';
import { findMedia } from '../src/dwengo/find-media.js';
import { readDwengo } from '../src/dwengo/read.js';
import { learningObject, learningPath } from './dwengo-samples.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dwengo-'));
  await mkdir(join(folder, 'objects'));
  await mkdir(join(folder, 'paths'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const object = (name: string, text: string) => writeFile(join(folder, 'objects', name), text);
const path = (name: string, text: string) => writeFile(join(folder, 'paths', name), text);
const refusal = async (): Promise<string[]> => {
  const error = await readDwengo(folder).catch((each) => each);
  expect(error).toBeInstanceOf(ImportRefused);
  return (error as Error).message.split('\n').map((line) => line.trim());
};

describe('reading Dwengo files', () => {
  it('imports the members that the library supports', async () => {
    await object(
      'a.nl.md',
      learningObject({ hruid: 'a', title: 'Grafen', head: 'teacher_exclusive: true\nskos_concepts: ["http://x/1"]' }),
    );
    const { objects } = await readDwengo(folder);
    expect(objects[0]?.record).toMatchObject({
      source: 'dwengo',
      sourceId: 'a/nl',
      school: null,
      title: 'Grafen',
      ageFrom: 14,
      ageTo: 16,
      difficulty: 3,
      minutes: 10,
      teacherOnly: true,
      available: true,
      conceptUris: ['http://x/1'],
      keywords: ['AI'],
    });
  });

  it('identifies a path by its content, not by its file name', async () => {
    await object('a.nl.md', learningObject({ hruid: 'a' }));
    await path('file-name.json', learningPath('other_name', ['a']));
    const { paths } = await readDwengo(folder);
    expect(paths).toMatchObject([{ identity: 'other_name/nl', objects: ['a/nl/3'] }]);
  });

  it('leaves out an invalid member, reports it, and imports the rest', async () => {
    await object(
      'a.nl.md',
      learningObject({ hruid: 'a', difficulty: '6', time: 'long', ages: '[14, old, 16]' }).replace(
        'keywords: ["AI"]',
        'keywords: [" ", 3, "AI"]',
      ),
    );
    const { objects, remarks } = await readDwengo(folder);
    expect(objects[0]?.record).toMatchObject({ difficulty: null, minutes: null, ageFrom: 14, ageTo: 16, keywords: ['AI'] });
    expect(remarks.map(({ message }) => message)).toEqual([
      '1 of target_ages left out: not an age in years',
      'estimated_time "long" left out: not a whole number from 1 to 10000',
      'difficulty 6 left out: not a whole number from 1 to 5',
      '1 of keywords left out: not one line of at most 100 characters',
    ]);
  });

  it('leaves out a whole path if one of its objects is missing or cannot be shown', async () => {
    await object('a.nl.md', learningObject({ hruid: 'a' }));
    await object('b.nl.md', learningObject({ hruid: 'b', type: 'application/pdf' }));
    await path('good.json', learningPath('good', ['a']));
    await path('half.json', learningPath('half', ['a', 'b', 'c']));
    const { paths, leftOut } = await readDwengo(folder);
    expect(paths.map((each) => each.identity)).toEqual(['good/nl']);
    expect(leftOut).toEqual([
      { file: 'objects/b.nl.md', message: 'content_type "application/pdf" is not supported by the library' },
      { file: 'paths/half.json', message: 'it needs b/nl/3, c/nl/3, which was not imported' },
    ]);
  });
});

describe('a path with branches', () => {
  const node = (hruid: string, transitions: object[] = [], start = false) => ({
    learningobject_hruid: hruid,
    version: '3',
    language: 'nl',
    ...(start ? { start_node: true } : {}),
    transitions,
  });
  const to = (hruid: string, more: object = { default: true }) => ({ ...more, next: { hruid, version: '3', language: 'nl' } });
  const read = async (nodes: object[]) => {
    for (const hruid of ['a', 'b', 'c', 'd']) await object(`${hruid}.nl.md`, learningObject({ hruid }));
    await path('p.json', JSON.stringify({ hruid: 'p', language: 'nl', title: 'P', description: '', nodes }));
    const { paths, remarks } = await readDwengo(folder);
    return { order: paths[0]?.objects.map((each) => each[0]).join(''), remarks: remarks.map(({ message }) => message) };
  };
  const placesOf = async (nodes: object[]) => {
    await read(nodes);
    const { paths } = await readDwengo(folder);
    const [{ places, branches } = { places: [], branches: [] }] = paths;
    return {
      places: places.map((place) => (place === null ? '-' : `${place.branch}.${place.way}`)).join(' '),
      branches: branches.map((ways) => ways.map((each) => each[0]).join('')),
    };
  };

  it('follows the default transitions, in any order of the file', async () => {
    expect(await read([node('c'), node('a', [to('b')], true), node('b', [to('c')])])).toEqual({ order: 'abc', remarks: [] });
  });

  it('keeps ways that come together or end the path, for the teacher to choose, and reports their conditions', async () => {
    const together = [
      node('a', [to('b'), to('c', { condition: 'score < 60' })], true),
      node('b', [to('d')]),
      node('c', [to('d')]),
      node('d'),
    ];
    expect(await read(together)).toEqual({
      order: 'abcd',
      remarks: ['a/nl/3 leads to b/nl/3 and c/nl/3 (condition "score < 60"): the teacher chooses for each pupil'],
    });
    expect(await placesOf(together)).toEqual({ places: '- 0.0 0.1 -', branches: ['bc'] });
    const skipping = [node('a', [to('b'), to('c')], true), node('b', [to('c')]), node('c')];
    expect(await placesOf(skipping)).toEqual({ places: '- 0.0 -', branches: ['bc'] });
    const apart = [node('a', [to('b'), to('c')], true), node('b'), node('c', [to('d')]), node('d')];
    expect(await placesOf(apart)).toEqual({ places: '- 0.0 0.1 0.1', branches: ['bc'] });
    const twice = [
      node('a', [to('b'), to('c')], true),
      node('b', [to('c')]),
      node('c', [to('d'), to('e')]),
      node('d', [to('e')]),
      node('e'),
    ];
    await object('e.nl.md', learningObject({ hruid: 'e' }));
    expect(await placesOf(twice)).toEqual({ places: '- 0.0 - 1.0 -', branches: ['bc', 'de'] });
  });

  it('keeps the default way only where ways lead back or split again, and reports the other', async () => {
    const nodes = [
      node('a', [to('b'), to('c', { condition: 'score < 60' })], true),
      node('b', [to('d')]),
      node('c', [to('a')]),
      node('d'),
    ];
    expect(await read(nodes)).toEqual({
      order: 'abd',
      remarks: [
        'branch from a/nl/3 to c/nl/3 (condition "score < 60") not imported',
        'node c/nl/3 is on a branch and was left out',
      ],
    });
  });

  it('continues with the next node if a transition leads nowhere', async () => {
    expect(await read([node('a', [to('zz')], true), node('b', [to('c')]), node('c')])).toEqual({
      order: 'abc',
      remarks: ['a/nl/3 leads to zz/nl/3, which is not a node of the path; went on with b/nl/3, the next one in the file'],
    });
  });

  it('ends at a loop, and begins with the first node if no start is marked', async () => {
    expect(await read([node('a', [to('b')]), node('b', [to('a')])])).toEqual({
      order: 'ab',
      remarks: ['0 start nodes; began with a/nl/3', 'b/nl/3 leads back to a/nl/3; the path ends there'],
    });
  });
});

describe('invalid files', () => {
  it('are all listed at once, each with its line', async () => {
    await object('none.md', 'just text');
    await object('open.md', '---\nhruid: x\n');
    await object('yaml.md', '---\nhruid: a\nversion: 3\ntitle: "Grafen\nlanguage: nl\n---\nText');
    await object('fields.md', '---\nhruid: a\nversion: 3\nlanguage: Nederlands\n---\nText');
    await path('cut.json', '{\n "hruid": "p",\n "nodes": [');
    await path('word.json', '{\n "hruid": "p",\n "title": titel\n}');
    await path(
      'nodes.json',
      '{\n "hruid": "p",\n "language": "nl",\n "title": "P",\n "nodes": [\n  { "version": "3", "language": "nl" }\n ]\n}',
    );
    const lines = await refusal();
    expect(lines[0]).toBe('8 faults; nothing was imported.');
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^objects\/fields\.md, line 4: language: must be a language code like nl$/),
        'objects/fields.md, line 2: title: is missing, or is not text',
        expect.stringMatching(/^objects\/none\.md, line 1: no front matter/),
        expect.stringMatching(/^objects\/open\.md, line 1: the front matter does not end/),
        expect.stringMatching(/^objects\/yaml\.md, line [456]: front matter: /),
        expect.stringMatching(/^paths\/cut\.json, line 3: invalid JSON: /),
        expect.stringMatching(/^paths\/word\.json, line 3: invalid JSON: /),
        'paths/nodes.json, line 6: nodes.0.learningobject_hruid: is missing, or is not text',
      ]),
    );
  });

  it('include two files of the same object', async () => {
    await object('a.nl.md', learningObject({ hruid: 'a' }));
    await object('copy.nl.md', learningObject({ hruid: 'a' }));
    expect(await refusal()).toContain('objects/copy.nl.md: is a/nl/3, and so is objects/a.nl.md; each must have its own');
  });

  it('do not include an unrelated folder, which is reported in one line', async () => {
    await expect(readDwengo(join(folder, 'objects'))).rejects.toThrow(CommandError);
    await expect(readDwengo(join(folder, 'objects'))).rejects.toThrow(/has no folder "objects"/);
  });

  it('are refused if the front matter contains an alias bomb', async () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'.split('').map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[i]}`)}]`),
    ];
    await object('bomb.md', `---\nhruid: a\nversion: 3\nlanguage: nl\ntitle: T\n${bomb.join('\n')}\n---\nText`);
    expect((await refusal())[1]).toMatch(/^objects\/bomb\.md/);
  });
});

/** One pixel. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);
const data = `data:image/png;base64,${png.toString('base64')}`;
const file = async (name: string, bytes: Buffer | string) => {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), bytes);
};
/** What the library gets of an object with this body, and the remarks on it. */
const becomes = async (body: string) => {
  await object('a.nl.md', learningObject({ hruid: 'a', body }));
  const { objects, remarks } = await readDwengo(folder);
  return { text: objects[0]?.record.content.markdown, remarks: remarks.map(({ message }) => message) };
};
const textOf = async (body: string) => (await becomes(body)).text;

describe('content D13: pictures', () => {
  beforeEach(() => file('objects/embed/graaf.png', png));

  it('content D13: are embedded in the text, from Markdown and HTML, also within links', async () => {
    const { text, remarks } = await becomes(
      'Zie ![Een graaf](embed/graaf.png "bron") en <img src=\'embed/graaf.png\' alt="graaf"> en [![](embed/graaf.png "Knop")](https://example.org/?id=1 "Notebook").',
    );
    expect(text).toBe(`Zie ![Een graaf](${data} "bron") en ![graaf](${data}) en [![Knop](${data})](https://example.org/?id=1).`);
    expect(remarks).toEqual([]);
  });

  it('are found relative to the file of their text, in subfolders', async () => {
    await file('objects/wiskunde/grafen/index.md', learningObject({ hruid: 'g', body: '![](plaatjes/g%20g.png "Graaf")' }));
    await file('objects/wiskunde/grafen/plaatjes/g g.png', png);
    expect((await readDwengo(folder)).objects[0]?.record.content.markdown).toBe(`![Graaf](${data})`);
  });

  it('are replaced by their text if they are missing, not pictures, too large or outside the folder; the report names them', async () => {
    await file('objects/embed/script.png', '<svg onload="alert(1)"/>');
    await file('objects/embed/large.png', Buffer.concat([png, Buffer.alloc(1024 * 1024)]));
    const outside = await mkdtemp(join(tmpdir(), 'outside-'));
    await writeFile(join(outside, 'x.png'), png);
    await symlink(join(outside, 'x.png'), join(folder, 'objects/embed/link.png'));
    const { text, remarks } = await becomes(
      `![niet](embed/no.png) ![svg](embed/script.png) ![groot](embed/large.png) ![ver](embed/link.png) ![buiten](../../${basename(outside)}/x.png) ![pdf](@pdf/embed/a.pdf) ![abs](/etc/passwd)`,
    );
    expect(text).toBe('*niet* *svg* *groot* *ver* *buiten* *pdf* *abs*');
    expect(remarks).toEqual([
      'not shown, its text is kept: embed/no.png (the file is not there)',
      'not shown, its text is kept: embed/script.png (it is not a PNG, JPEG, GIF or WebP)',
      'not shown, its text is kept: embed/large.png (it is larger than 1024 kB)',
      `not shown, its text is kept: embed/link.png, ../../${basename(outside)}/x.png (it is outside the folder)`,
      'not shown, its text is kept: @pdf/embed/a.pdf (it is not a picture)',
      'not shown, its text is kept: /etc/passwd (its address is not that of a file)',
    ]);
    await rm(outside, { recursive: true });
  });

  it('become a link if they are on another site', async () => {
    expect(await textOf('![](@youtube/https://www.youtube.com/embed/abc123 "Filmpje")')).toBe(
      '[Filmpje](https://www.youtube.com/watch?v=abc123)',
    );
    expect(await textOf('![Kever](https://example.org/kever.jpg) <img src="https://example.org/k.jpg">')).toBe(
      '[Kever](https://example.org/kever.jpg) [example.org](https://example.org/k.jpg)',
    );
  });

  it('leave the link around them in place', async () => {
    expect(await textOf('[![](embed/Knop.png "Knop")](https://example.org/?id=1 "Notebook")')).toBe(
      '[Notebook](https://example.org/?id=1)',
    );
  });

  it('are left unchanged in code', async () => {
    const code = '`![x](embed/graaf.png)`\n```\n![x](embed/b.png)\n```\n~~~md\n![x](c.png)\n~~~\n\\![x](d.png)';
    expect((await becomes(code)).text).toBe(code);
  });

  it('cannot inject markup or another address through their text', async () => {
    expect(await textOf('![a](javascript:alert(1))')).toBe('*a*');
    expect(await textOf('![<b>](embed/a.png)')).toBe('*\\<b\\>*');
    expect(await textOf('![](embed/a.png "](https://evil.example)")')).toBe('*\\](https://evil.example)*');
    expect(await textOf('![](embed/graaf.png "a](https://evil.example) ")')).toBe(`![a\\](https://evil.example) ](${data})`);
  });

  it.each([
    ['opened and never closed', '![', 200_000],
    ['links in links', '[![a](b)](', 50_000],
    ['brackets in brackets', '![[[[]', 60_000],
    ['addresses without end', '](aaaa(', 60_000],
    ['backticks of every length', '`'.repeat(700), 700],
    ['tags without end', '<img src=', 50_000],
    ['fences', '```\n![a](b)\n', 30_000],
  ])('of hostile authors take time in proportion to the text: %s', (_what, piece, times) => {
    // Time that grows with the square of the length would outlast the test's.
    expect(findMedia(piece.repeat(times)).length).toBeLessThanOrEqual(times);
  });

  it('are found whatever text surrounds them', () => {
    const plain = fc.stringMatching(/^[a-z \n.]{0,12}$/);
    const medium = fc.constantFrom('![a](b.png)', '![a [x]](c(1).png "t")', '[![k](d.png)](https://x.be)', '<img src="e.png">');
    fc.assert(
      fc.property(fc.array(fc.tuple(plain, medium), { maxLength: 8 }), plain, (pieces, end) => {
        const found = findMedia(pieces.flat().join('') + end);
        expect(found.map(({ address }) => address)).toEqual(pieces.map(([, one]) => /([bcde](?:\(1\))?\.png)/.exec(one)?.[1]));
      }),
    );
  });
});

describe('content D6: an object in an object', () => {
  const all = async () => {
    const { objects, remarks, leftOut } = await readDwengo(folder);
    return {
      texts: Object.fromEntries(objects.map(({ record }) => [record.sourceId, record.content.markdown])),
      remarks: remarks.map(({ file, message }) => `${file}: ${message}`),
      leftOut,
    };
  };
  const make = (hruid: string, body: string, head = '') => object(`${hruid}.nl.md`, learningObject({ hruid, body, head }));

  it('content D6: shows its text in its place, with its pictures', async () => {
    await file('objects/embed/b.png', png);
    await make('a', 'Oplossing: ![blok](@learning-object/b/nl/1)\n\nKlaar.');
    await make('b', 'Sleep het ![blok](embed/b.png).\n\n![dieper](@learning-object/c/nl/3)');
    await make('c', 'En tel.');
    const { texts, remarks } = await all();
    expect(texts['a/nl']).toBe(`Oplossing: \n\nSleep het ![blok](${data}).\n\n\n\nEn tel.\n\n\n\nKlaar.`);
    expect(remarks).toEqual([]);
  });

  it('keeps its own text, and the report says why: missing, left out, itself, in a circle', async () => {
    await make('a', '![weg](@learning-object/zz/nl/1) ![zelf](@learning-object/a/nl/3) ![rond](@learning-object/b/nl/3)');
    await make('b', '![terug](@learning-object/a/nl/3) en verder');
    const { texts, remarks } = await all();
    expect(texts['a/nl']).toBe('*weg* *zelf* \n\n*terug* en verder');
    const said = 'is not shown, its text is kept';
    expect(remarks).toEqual([
      `objects/a.nl.md: object zz/nl/1 ${said}: it was not imported`,
      `objects/a.nl.md: object a/nl/3 ${said}: it contains itself`,
      `objects/a.nl.md: object a/nl/3 ${said}: b/nl/3, which it contains, contains it`,
      `objects/b.nl.md: object b/nl/3 ${said}: a/nl/3, which it contains, contains it`,
    ]);
  });

  it('is never included in a text for pupils if it is for teachers only, or unavailable', async () => {
    await make('a', 'Opgave. ![uitleg](@learning-object/t/nl/3) ![later](@learning-object/u/nl/3)');
    await make('t', 'Het antwoord is 42.', 'teacher_exclusive: true');
    await object('u.nl.md', learningObject({ hruid: 'u', body: 'Nog niet.' }).replace('available: true', 'available: false'));
    await make('v', 'Handleiding. ![uitleg](@learning-object/t/nl/3)', 'teacher_exclusive: true');
    const { texts, remarks } = await all();
    expect(texts['a/nl']).toBe('Opgave. *uitleg* *later*');
    expect(texts['v/nl']).toContain('Het antwoord is 42.');
    expect(remarks).toHaveLength(2);
  });

  it('states its language if that differs', async () => {
    await make('a', '![x](@learning-object/e/en/3)');
    await object('e.en.md', learningObject({ hruid: 'e', body: 'Hello' }).replace('language: nl', 'language: en'));
    expect((await all()).texts['a/nl']).toBe('<div lang="en">\n\nHello\n\n</div>');
  });

  it('is bounded in depth and length, even if objects multiply', async () => {
    const ten = (next: string) => Array.from({ length: 10 }, () => `![x](@learning-object/${next}/nl/3)`).join('\n');
    for (let at = 0; at < 12; at += 1)
      await make(`d${at}`, at < 11 ? `${'tekst '.repeat(2_000)}\n${ten(`d${at + 1}`)}` : 'bodem');
    const { texts, remarks } = await all();
    expect(Math.max(...Object.values(texts).map((text) => text?.length ?? 0))).toBeLessThan(4_100_000);
    expect(remarks.join('\n')).toMatch(/more than 200 objects in one|would be longer than/);
    expect(remarks.join('\n')).toMatch(/is nested deeper than 5 objects/);
  });
});
