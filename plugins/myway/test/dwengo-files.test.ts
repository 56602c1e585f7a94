import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandError } from '@ilearn/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ImportRefused } from '../src/dwengo/fault.js';
import { replacePictures } from '../src/dwengo/pictures.js';
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
  it('takes the members that the library has a place for', async () => {
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

  it('names a path by what stands in it, not by its file', async () => {
    await object('a.nl.md', learningObject({ hruid: 'a' }));
    await path('file-name.json', learningPath('other_name', ['a']));
    const { paths } = await readDwengo(folder);
    expect(paths).toMatchObject([{ identity: 'other_name/nl', objects: ['a/nl/3'] }]);
  });

  it('leaves out a member that makes no sense, says so, and takes the rest', async () => {
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
      '1 of target_ages left out: no age in years',
      'estimated_time "long" left out: not a whole number from 1 to 10000',
      'difficulty 6 left out: not a whole number from 1 to 5',
      '1 of keywords left out: no line of text of at most 100 characters',
    ]);
  });

  it('leaves out a path as a whole when an object of it is not there or can’t be shown', async () => {
    await object('a.nl.md', learningObject({ hruid: 'a' }));
    await object('b.nl.md', learningObject({ hruid: 'b', type: 'application/pdf' }));
    await path('good.json', learningPath('good', ['a']));
    await path('half.json', learningPath('half', ['a', 'b', 'c']));
    const { paths, leftOut } = await readDwengo(folder);
    expect(paths.map((each) => each.identity)).toEqual(['good/nl']);
    expect(leftOut).toEqual([
      { file: 'objects/b.nl.md', message: 'content_type "application/pdf" is none that the library shows' },
      { file: 'paths/half.json', message: 'it needs b/nl/3, c/nl/3, which was not imported' },
    ]);
  });
});

describe('a path that is no straight line', () => {
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

  it('follows the default transitions, whatever the order in the file', async () => {
    expect(await read([node('c'), node('a', [to('b')], true), node('b', [to('c')])])).toEqual({ order: 'abc', remarks: [] });
  });

  it('keeps the default way of a branch and reports the other', async () => {
    const nodes = [
      node('a', [to('b'), to('c', { condition: 'score < 60' })], true),
      node('b', [to('d')]),
      node('c', [to('d')]),
      node('d'),
    ];
    expect(await read(nodes)).toEqual({
      order: 'abd',
      remarks: [
        'branch from a/nl/3 to c/nl/3 (condition "score < 60") not imported',
        'node c/nl/3 lies on a branch and was left out',
      ],
    });
  });

  it('goes on with the next node when a transition leads nowhere', async () => {
    expect(await read([node('a', [to('zz')], true), node('b', [to('c')]), node('c')])).toEqual({
      order: 'abc',
      remarks: ['a/nl/3 leads to zz/nl/3, which is no node of the path; went on with b/nl/3, the next one in the file'],
    });
  });

  it('ends at a loop, and begins with the first node where no start is marked', async () => {
    expect(await read([node('a', [to('b')]), node('b', [to('a')])])).toEqual({
      order: 'ab',
      remarks: ['0 start nodes; began with a/nl/3', 'b/nl/3 leads back to a/nl/3; the path ends there'],
    });
  });
});

describe('files that must be mended first', () => {
  it('are all named at once, each with its line', async () => {
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
        'objects/fields.md, line 2: title: is missing, or no text',
        expect.stringMatching(/^objects\/none\.md, line 1: no front matter/),
        expect.stringMatching(/^objects\/open\.md, line 1: the front matter does not end/),
        expect.stringMatching(/^objects\/yaml\.md, line [456]: front matter: /),
        expect.stringMatching(/^paths\/cut\.json, line 3: no valid JSON: /),
        expect.stringMatching(/^paths\/word\.json, line 3: no valid JSON: /),
        'paths/nodes.json, line 6: nodes.0.learningobject_hruid: is missing, or no text',
      ]),
    );
  });

  it('include two files that claim to be the same object', async () => {
    await object('a.nl.md', learningObject({ hruid: 'a' }));
    await object('copy.nl.md', learningObject({ hruid: 'a' }));
    expect(await refusal()).toContain('objects/copy.nl.md: is a/nl/3, and so is objects/a.nl.md; each must have its own');
  });

  it('do not include a folder of another kind: that is said in one line', async () => {
    await expect(readDwengo(join(folder, 'objects'))).rejects.toThrow(CommandError);
    await expect(readDwengo(join(folder, 'objects'))).rejects.toThrow(/holds no folder "objects"/);
  });

  it('are refused when an alias bomb hides in the front matter', async () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'.split('').map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[i]}`)}]`),
    ];
    await object('bomb.md', `---\nhruid: a\nversion: 3\nlanguage: nl\ntitle: T\n${bomb.join('\n')}\n---\nText`);
    expect((await refusal())[1]).toMatch(/^objects\/bomb\.md/);
  });
});

describe('pictures in Markdown', () => {
  const becomes = (markdown: string) => replacePictures(markdown).markdown;

  it('give way to the words that describe them', () => {
    expect(becomes('Zie ![Een graaf](embed/graaf.png "bron") hier')).toBe('Zie *Een graaf* hier');
    expect(becomes('![](embed/graaf.png "Een graaf")')).toBe('*Een graaf*');
    expect(becomes('![](@pdf/embed/kaarten.pdf)')).toBe('');
  });

  it('become a link where they live on another site', () => {
    expect(becomes('![](@youtube/https://www.youtube.com/embed/abc123 "Filmpje")')).toBe(
      '[Filmpje](https://www.youtube.com/watch?v=abc123)',
    );
    expect(becomes('![Kever](https://example.org/kever.jpg)')).toBe('[Kever](https://example.org/kever.jpg)');
  });

  it('leave the link that they were the button of', () => {
    expect(becomes('[![](embed/Knop.png "Knop")](https://example.org/?id=1 "Notebook")')).toBe(
      '[Notebook](https://example.org/?id=1)',
    );
  });

  it('are left alone in code', () => {
    const code = '`![x](embed/a.png)`\n```\n![x](embed/b.png)\n```\n~~~md\n![x](c.png)\n~~~';
    expect(replacePictures(code)).toEqual({ markdown: code, missing: 0, linked: 0 });
  });

  it('cannot smuggle markup or another address in their words', () => {
    expect(becomes('![a](javascript:alert(1))')).toBe('*a*');
    expect(becomes('![<b>](embed/a.png)')).toBe('*\\<b\\>*');
    expect(becomes('![](embed/a.png "](https://evil.example)")')).toBe('*\\](https://evil.example)*');
  });
});
