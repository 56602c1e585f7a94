import { strToU8, zipSync } from 'fflate';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { markdownOf } from '../src/cartridges/html-to-markdown.js';
import { type LibraryPlatform, libraryPlatform } from './platform.js';

type Client = Awaited<ReturnType<LibraryPlatform['as']>>;

let platform: LibraryPlatform;
let maker: Client;
let colleague: Client;
let stranger: Client;
let png: Uint8Array;

beforeAll(async () => {
  platform = await libraryPlatform();
  const school = await platform.school('De Regenboog');
  maker = await platform.as('teacher', school);
  colleague = await platform.as('teacher', school);
  stranger = await platform.as('teacher', await platform.school('De Kleurdoos'));
  const drawn = sharp({ create: { width: 3_000, height: 20, channels: 3, background: 'teal' } });
  png = new Uint8Array(await drawn.png().toBuffer());
});
afterAll(() => platform?.stop());

const resources: [id: string, type: string, file: string, content: string][] = [
  [
    'page',
    'webcontent',
    'wiki/breuken.html',
    `<html><head><title>x</title><script>alert(1)</script></head><body><h2>Breuken</h2><p>Een <b>half</b> is \\(\\frac{1}{2}\\), of
      <math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>.</p><p><img src="../pics/taart.png" alt="taart"> <img src="https://elders.be/x.png" alt="weg"></p>
      <iframe src="https://youtube.be/x"></iframe><a href="blad.pdf">blad</a> <a href="https://voorbeeld.be/a b">meer</a></body></html>`,
  ],
  [
    'link',
    'imswl_xmlv1p4',
    'link.xml',
    '<webLink xmlns="http://www.imsglobal.org/xsd/imsccv1p4/imswl_v1p4"><title>Tafels</title><url href="http://voorbeeld.be/tafels"/></webLink>',
  ],
  ['danger', 'imswl_xmlv1p1', 'danger.xml', '<webLink><title>x</title><url href="javascript:alert(1)"/></webLink>'],
  [
    'topic',
    'imsdt_xmlv1p3',
    'topic.xml',
    '<topic xmlns="http://www.imsglobal.org/xsd/imsccv1p3/imsdt_v1p3"><title>Praat</title><text texttype="text/html">&lt;p&gt;Wat vond je &lt;em&gt;moeilijk&lt;/em&gt;?&lt;/p&gt;</text></topic>',
  ],
  ['tool', 'imsbasiclti_xmlv1p3', 'tool.xml', '<x/>'],
  ['quiz', 'imsqti_xmlv1p2/imscc_xmlv1p3/assessment', 'quiz.xml', '<x/>'],
  ['sheet', 'webcontent', 'blad.pdf', '%PDF'],
  ['gone', 'webcontent', 'niet-er.html', ''],
];

function cartridge({
  organisation,
  title = 'Rekenen',
  more = {},
}: {
  organisation?: string;
  title?: string;
  more?: Record<string, Uint8Array>;
} = {}) {
  const items = resources
    .map(([id]) => `<item identifier="i-${id}" identifierref="${id}"><title>${id} &amp; co</title></item>`)
    .join('');
  const manifest = `<?xml version="1.0" encoding="UTF-8"?>
    <manifest identifier="m1" xmlns="http://www.imsglobal.org/xsd/imsccv1p4/imscp_v1p1" xmlns:lomm="http://ltsc.ieee.org/xsd/imsccv1p4/LOM/manifest">
    <metadata><schema>IMS Common Cartridge</schema><schemaversion>1.4.0</schemaversion><lomm:lom><lomm:general><lomm:title>
    <lomm:string language="nl">${title}</lomm:string></lomm:title></lomm:general></lomm:lom></metadata>
    <organizations><organization identifier="o" structure="rooted-hierarchy"><item identifier="root">${
      organisation ?? `<item identifier="f"><title>Week 1</title>${items}</item>`
    }</item></organization></organizations>
    <resources>${resources.map(([id, type, file]) => `<resource identifier="${id}" type="${type}"><file href="${file}"/></resource>`).join('')}</resources></manifest>`;
  const files = resources
    .filter(([, , , content]) => content !== '')
    .map(([, , file, content]) => [file, strToU8(content)] as const);
  return zipSync({ 'imsmanifest.xml': strToU8(manifest), 'pics/taart.png': png, ...Object.fromEntries(files), ...more });
}

const send = (client: Client, bytes: Uint8Array, query = '') =>
  client.request('POST', `/api/library/cartridges${query}`, { raw: bytes, headers: { 'content-type': 'application/zip' } });
const titles = async (client: Client) =>
  (await client.get('/api/library/activities?sort=title')).body.activities.map(({ title }: { title: string }) => title);

describe('a cartridge of another system', () => {
  it('says of each part what is kept and what is lost, and stores nothing yet', async () => {
    const { status, body } = await send(maker, cartridge(), '?dryRun=true');
    expect(status).toBe(200);
    expect(
      body.items.map(({ title, kind, lost }: { title: string; kind: string; lost: string[] }) => [title, kind, ...lost]),
    ).toEqual([
      ['page & co', 'text', 'picture', 'interactive', 'file-link', 'folders'],
      ['link & co', 'link', 'folders'],
      ['danger & co', null, 'address'],
      ['topic & co', 'text', 'folders'],
      ['tool & co', null, 'tool'],
      ['quiz & co', null, 'questions'],
      ['sheet & co', null, 'file'],
      ['gone & co', null, 'broken'],
    ]);
    expect(await titles(maker)).toEqual([]);
  });

  it('comes in with pictures and formulas, as activities of the teacher in a collection, once', async () => {
    const { body } = await send(maker, cartridge());
    expect(await titles(colleague)).toEqual(['link & co', 'page & co', 'topic & co']);
    expect(await titles(stranger)).toEqual([]);
    const { body: selection } = await colleague.get(`/api/library/selections/${body.selection}`);
    expect([selection.title, selection.activities.length]).toEqual(['Rekenen', 3]);
    const [{ id }] = (await maker.get('/api/library/activities?q=breuken')).body.activities;
    expect((await maker.get(`/api/library/activities/${id}`)).body).toMatchObject({
      mayChange: true,
      description: 'Rekenen › Week 1',
    });
    const written = (await maker.get(`/api/library/activities/${id}/content?written=true`)).body.markdown;
    expect(written).toContain('## Breuken');
    expect(written).toContain('Een **half** is \\\\(\\\\frac{1}{2}\\\\), of <math>');
    expect(written).toMatch(/!\[taart\]\(data:image\/webp;base64,/);
    expect(written).toContain('blad [meer](<https://voorbeeld.be/a%20b>)');
    expect(written).not.toMatch(/script|iframe|elders/);
    const shown = (await maker.get(`/api/library/activities/${id}/content`)).body.markdown;
    expect(shown.match(/<mfrac>/g)).toHaveLength(2);
    await maker.put(`/api/library/activities/${id}`, { kind: 'text', title: 'Mijn breuken', markdown: 'Korter.' });
    const again = await send(colleague, cartridge());
    expect(again.body.items.map(({ known }: { known: boolean }) => known)).toEqual([
      true,
      true,
      false,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(await titles(maker)).toEqual(['link & co', 'Mijn breuken', 'topic & co']);
    const twice = '<item identifierref="link"><title>een</title></item><item identifierref="link"><title>twee</title></item>';
    expect((await send(stranger, cartridge({ organisation: twice }))).status).toBe(200);
    expect(await titles(stranger)).toEqual(['een']);
  });

  it.each<[string, () => Uint8Array, string]>([
    ['no zip', () => strToU8('hallo'), 'not-zip'],
    ['a damaged zip', () => cartridge().subarray(0, 300), 'not-zip'],
    ['a zip without manifest', () => zipSync({ 'x.html': strToU8('x') }), 'no-manifest'],
    ['a manifest that is no XML', () => zipSync({ 'imsmanifest.xml': strToU8('<manifest>') }), 'manifest-broken'],
    [
      'a manifest with entities of its own',
      () =>
        zipSync({ 'imsmanifest.xml': strToU8('<!DOCTYPE m [<!ENTITY a SYSTEM "file:///etc/passwd">]><manifest>&a;</manifest>') }),
      'manifest-broken',
    ],
    ['a manifest without items', () => cartridge({ organisation: '' }), 'nothing-in-it'],
    [
      'more items than a collection holds',
      () => cartridge({ organisation: '<item identifierref="link"/>'.repeat(201) }),
      'too-large',
    ],
    ['a zip bomb', () => cartridge({ more: { 'a.html': new Uint8Array(65 * 1024 * 1024) } }), 'too-large'],
  ])('of %s is refused, and nothing is stored', async (_what, make, refusal) => {
    const before = await titles(maker);
    const { status, body } = await send(maker, make());
    expect([status, body.type]).toEqual([422, expect.stringContaining(`/problems/library/cartridge-${refusal}`)]);
    expect(await titles(maker)).toEqual(before);
  });
});

describe('a page of HTML as Markdown', () => {
  const lost: string[] = [];
  const markdown = (html: string) =>
    markdownOf(html, {
      pictureOf: (src) => (src.startsWith('data:') ? src : null),
      linkTo: (href) => href,
      lose: (loss) => void lost.push(loss),
    });

  it.each([
    ['<h1>A</h1><h3>B <em>c</em></h3>', '# A\n\n### B *c*'],
    ['<ul><li>een<ul><li>twee</li></ul></li><li><p>drie</p><p>vier</p></li></ul>', '- een\n\n  - twee\n- drie\n\n  vier'],
    ['<ol><li>a<li>b</ol>', '1. a\n2. b'],
    ['<blockquote><p>a</p><p>b</p></blockquote>', '> a\n>\n> b'],
    ['<table><tr><th>x|y</th><th>z</th></tr><tr><td>1</td></tr></table>', '| x\\|y | z |\n| --- | --- |\n| 1 |  |'],
    ['<pre>a\n  b</pre>', '```\na\n  b\n```'],
    ['<p># geen titel</p><p>1. geen lijst</p><p>- ook niet</p>', '\\# geen titel\n\n1\\. geen lijst\n\n\\- ook niet'],
    ['<p>*a* _b_ `c` [d](e) &lt;b&gt; 5 $ of 6 $</p>', '\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) \\<b\\> 5 \\$ of 6 \\$'],
    ['<p><b> a </b>b<span><div>c</div></span></p>', '**a** b\n\nc'],
    ['<p>\\[x_1\\] en $$y^2$$</p>', '\\\\[x\\_1\\\\] en \\\\[y^2\\\\]'],
    ['<p>H<sub>2</sub>O<br>b</p>', 'H<sub>2</sub>O\\\nb'],
    ['<img class="equation_image" data-equation-content="\\sqrt{2}" src="/equation_images/x">', '\\\\(\\\\sqrt{2}\\\\)'],
    ['<a href="https://a.be/)\n"><img src="data:x" alt="[a]"></a>', '[![\\[a\\]](data:x)](<https://a.be/)%0A>)'],
  ])('%j', (html, expected) => {
    expect(markdown(html)).toBe(expected);
  });

  it('of endless nesting ends, and says so', () => {
    markdown(`${'<div>'.repeat(500)}x`);
    expect(lost).toContain('too-deep');
  });
});
