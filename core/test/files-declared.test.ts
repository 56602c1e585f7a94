import type { PluginDefinition } from '@ilearn/core';
import { openTestHome } from '@ilearn/core/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Findings } from '../dist/authoring/check/finding.js';
import { checkMigrations } from '../dist/authoring/check/migrations.js';
import { openScratchPortal } from '../dist/authoring/check/scratch-portal.js';
import { describeRoutes } from '../dist/http/openapi.js';
import { pictureFolders } from '../dist/http/picture-paths.js';
import { checkPlugins } from '../dist/plugins/check.js';
import { album, files } from './support/album.js';
import { plugin, sql } from './support/fixtures.js';
import { portalOn, refusalOf, type TestHome } from './support/portal.js';

const faultsOf = (definition: PluginDefinition): string[] =>
  checkPlugins([{ definition, origin: '@test/album', rawConfig: undefined }]).faults.map(
    ({ where, message }) => `${where}: ${message}`,
  );

describe('before any code runs', () => {
  const kind = files.works;
  const route = album.routes?.[0] as NonNullable<PluginDefinition['routes']>[number];

  test.each<[string, Partial<PluginDefinition>, RegExp]>([
    [
      'a type that browsers run',
      { files: { a: { ...kind, types: ['text/html'] } } },
      /^files\.a\.types: Browsers execute .* text\/html/,
    ],
    ['SVG', { files: { a: { ...kind, types: ['image/svg+xml'] } } }, /^files\.a\.types: Browsers execute/],
    ['no media type', { files: { a: { ...kind, types: ['png'] } } }, /^files\.a\.types: "png" is not a media type/],
    ['a parameter', { files: { a: { ...kind, types: ['text/plain; charset=x'] } } }, /^files\.a\.types: .* is not a media type/],
    ['no types', { files: { a: { ...kind, types: [] } } }, /^files\.a\.types: names no media type/],
    [
      'more than an S3 store takes at once',
      { files: { a: { ...kind, maxBytes: 6 * 1024 ** 3 } } },
      /^files\.a\.maxBytes: is more than/,
    ],
    ['a name for no table', { files: { 'A-b': kind } }, /^files\.A-b: "A-b" is not a valid name for a table/],
    [
      'a column of the kernel',
      { files: { a: { ...kind, tenant: 'name' } } },
      /^files.a: "name" cannot be the name of one of its columns/,
    ],
    [
      'a table of its name',
      { files: { remarks: kind }, tables: album.tables },
      /^files\.remarks: "remarks" is also the name of a table/,
    ],
    ['people without keep', { files: { a: { ...kind, keep: undefined } as never } }, /^files\.a: .* does not declare "keep"/],
    ['an odd duration', { files: { a: { ...kind, keep: 'a year' } } }, /^files\.a\.keep: "a year" is not an ISO 8601 duration/],
    [
      'an odd moment',
      { files: { a: { ...kind, keep: { for: 'P1Y', since: 'seen_at' } } } },
      /^files\.a\.keep: "seen_at" is not a timestamp/,
    ],
    ['an unknown member', { files: { a: { ...kind, size: 1 } as never } }, /^files\.a: .*size/],
    [
      'a field of an unknown kind',
      { files, routes: [{ ...route, upload: { file: 'work' } }] },
      /upload: The field "file" refers to .* "work"/,
    ],
    ['an upload by GET', { files, routes: [{ ...route, method: 'GET' }] }, /upload: GET has no body/],
    [
      'an upload that says consumes',
      { files, routes: [{ ...route, consumes: ['text/csv'] }] },
      /upload: It declares consumes or bodyLimit/,
    ],
  ])('%s is refused with its place', (_, rest, expected) => {
    const found = faultsOf(plugin('album', { permissions: album.permissions, ...rest }));
    expect(found.filter((fault) => expected.test(fault))).toHaveLength(1);
  });

  test('the name files is reserved for the service', () => {
    expect(faultsOf(plugin('album', { services: { files: class {} } }))).toEqual([
      'services.files: "files" is a service of the kernel.',
    ]);
  });
});

test('pages may show pictures from the addresses of file routes, and from no others', () => {
  expect(pictureFolders('album', album.routes ?? [])).toEqual(['/api/album/works/', '/api/album/photos/', '/api/album/diaries/']);
  const sending = (album.routes ?? []).find(({ method }) => method === 'GET') as NonNullable<PluginDefinition['routes']>[number];
  const other = { ...sending, responses: { 200: z.object({}) } };
  const folders = (...paths: [string, object][]) =>
    pictureFolders(
      'x',
      paths.map(([path, of]) => ({ ...of, path }) as typeof sending),
    );
  expect(folders(['/photos/:id/large', sending], ['/photosets/:id', other])).toEqual(['/api/x/photos/']);
  expect(folders(['/photos/:id', sending], ['/photos/:id/remarks', other])).toEqual([]);
  expect(folders(['/photos/:id', sending], ['/:kind/:id', other])).toEqual([]);
  expect(folders(['/photos/:id', sending], ['/photos', other])).toEqual(['/api/x/photos/']);
  expect(folders(['/:id', sending], ['/photo', sending], ['/photos', other])).toEqual([]);
});

test('the OpenAPI document describes the files and the other fields', () => {
  const paths = describeRoutes('album', album.routes ?? []);
  expect(paths['/api/album/several']?.['post']?.['requestBody']).toEqual({
    required: true,
    content: {
      'multipart/form-data': {
        schema: {
          type: 'object',
          properties: {
            remark: { type: 'string', minLength: 1 },
            main: { type: 'string', format: 'binary' },
            more: { type: 'array', items: { type: 'string', format: 'binary' }, minItems: 0, maxItems: 2 },
          },
          required: ['remark', 'main'],
        },
      },
    },
  });
  expect(paths['/api/album/works/{id}']?.['get']?.['responses']).toMatchObject({ 200: { content: { '*/*': {} } }, 304: {} });
});

test('plugin check creates files of each kind, and migrates down and up with their tables', async () => {
  const portal = await openScratchPortal([album], { uiFolder: null });
  try {
    const { unfilled } = await portal.fill();
    expect(unfilled).toEqual([]);
    const [row] = await portal.platform.work('album', ({ knex }) => knex('works').select('id', 'name'));
    const ask = async ({ client }: Pick<typeof portal.own, 'client'>) => (await client.get(`/api/album/works/${row.id}`)).body;
    expect(await ask(portal.own)).toBe(row.name);
    for (const each of portal.strangers) expect(await ask(each)).toMatchObject({ status: 404 });
    const findings = new Findings();
    await checkMigrations({ definition: album } as never, portal, findings);
    expect(findings.hasFailed('migrations')).toBe(false);
  } finally {
    await portal.stop();
  }
});

describe('the tables of files', () => {
  let home: TestHome;
  beforeAll(async () => {
    home = await openTestHome();
  });
  afterAll(() => home?.close());
  const columns = async () =>
    (
      await home.pool.query<{ name: string; null: boolean }>(
        `select attname::text as name, not attnotnull as null from pg_attribute
         where attrelid = 'album.works'::regclass and attnum > 0 and attname ~ '_id$' order by 1`,
      )
    ).rows;

  test('follow the declaration: a new column is added, and a removed kind must be dropped', async () => {
    const first = plugin('album', { files: { works: files.works } });
    await portalOn(home, [first]).migrate();
    expect(await columns()).toEqual([
      { name: 'owner_id', null: false },
      { name: 'school_id', null: false },
    ]);
    const people = { owner_id: 'subject', marked_by_id: 'author' } as const;
    const more = plugin('album', {
      version: '1.1.0',
      files: { works: { ...files.works, people, erase: { owner_id: 'delete', marked_by_id: 'anonymise' } } },
    });
    await portalOn(home, [more]).migrate();
    expect(await columns()).toContainEqual({ name: 'marked_by_id', null: true });
    const without = plugin('album', { version: '1.2.0' });
    expect(await refusalOf(portalOn(home, [without]).prepare())).toContain('The migrations create the table "works"');
    const dropped = plugin('album', { version: '1.2.0', migrations: [sql('0001', 'drop table works')] });
    const portal = portalOn(home, [dropped]);
    await portal.migrate();
    expect((await home.pool.query('select plugin, kind from kernel.file_kinds')).rows).toEqual([
      { plugin: 'album', kind: 'works' },
    ]);
  });

  test('a plugin can neither call the trigger’s function nor write what the kernel records', async () => {
    const thief = (up: string) => plugin('thief', { migrations: [sql('0001', up)] });
    for (const up of [
      'create table t (id uuid); create trigger x after delete on t for each row execute function kernel.note_file()',
      'select kernel.note_file()',
      'delete from kernel.file_uploads',
    ]) {
      expect(await refusalOf(portalOn(home, [thief(up)]).prepare()), up).toMatch(/permission denied|would leave/);
    }
  });
});
