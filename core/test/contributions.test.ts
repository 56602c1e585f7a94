import type { PluginDefinition } from '@ilearn/core';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { checkPlugins } from '../dist/plugins/check.js';
import { none, plugin, sql } from './support/fixtures.js';

/** What the owner of the point was told, and what it cannot store. */
const calls: string[][] = [];
let refused = '';
const shelf = plugin('shelf', {
  points: { books: z.object({ isbn: z.string() }) },
  pointKeys: { books: 'isbn' },
  tables: { books: none },
  migrations: [sql('0001', 'create table books (isbn text primary key)')],
  takeContributions: ({ work }) =>
    work(async ({ contributions, knex }: any) => {
      const books = contributions.of('books').map(({ value }: any) => value.isbn);
      calls.push(books);
      if (books.includes(refused)) throw new Error(`no room for ${refused}`);
      for (const isbn of books) await knex('books').insert({ isbn }).onConflict().ignore();
    }),
  start: async () => void calls.push(['started']),
});
const writer = (id: string, isbn: string, more: Partial<PluginDefinition> = {}) =>
  plugin(id, { requires: { shelf: '^1.0.0' }, contributes: { 'shelf.books': [{ isbn }] }, ...more });

describe('newcomer 17: contributions of plugins that come and go', () => {
  let portal: TestPlatform;
  const operate = async (command: 'disable' | 'enable' | 'retry', id: string) =>
    (await portal.platform.operate({ command, id, options: {} })).lines.join('\n');
  const books = () =>
    portal.work('shelf', async ({ contributions }) => contributions.of('books').map(({ value }: any) => value.isbn));
  const stored = () => portal.work('shelf', ({ knex }) => knex('books').pluck('isbn').orderBy('isbn'));
  beforeAll(async () => {
    calls.length = 0;
    portal = await createTestPlatform({
      plugins: [shelf, writer('anna', '1'), writer('bert', '2'), plugin('other', { requires: { shelf: '^1.0.0' } })],
      required: ['shelf'],
    });
  });
  afterAll(() => portal?.stop());

  test('are processed before start, once', () => {
    expect(calls).toEqual([['1', '2'], ['started']]);
  });

  test('are removed when their plugin goes out of service, and processed again when it comes back', async () => {
    calls.length = 0;
    await operate('disable', 'bert');
    expect(await books()).toEqual(['1']);
    await operate('disable', 'other');
    await operate('enable', 'other');
    expect(calls).toEqual([]);
    await operate('enable', 'bert');
    expect(calls).toEqual([['1', '2']]);
    expect(await books()).toEqual(['1', '2']);
  });

  test('that the owner cannot process take only the contributing plugin out of service', async () => {
    await operate('disable', 'bert');
    refused = '2';
    const told = await operate('enable', 'bert');
    expect(told).toContain('contributes: shelf could not process its contributions: no room for 2');
    expect(told).toContain('ilearn plugin retry bert');
    expect(await books()).toEqual(['1']);
    const { plugins } = (await portal.client().get('/health/ready')).body;
    expect([plugins.shelf.state, plugins.anna.state, plugins.bert.state]).toEqual(['started', 'started', 'quarantined']);
    refused = '';
    await operate('retry', 'bert');
    expect(await books()).toEqual(['1', '2']);
    expect(await stored()).toEqual(['1', '2']);
  });
});

test('newcomer 17: a duplicate key is a fault of the second plugin; a contribution to a missing point, of its contributor', () => {
  const report = (...definitions: PluginDefinition[]) =>
    checkPlugins(definitions.map((definition) => ({ definition, origin: definition.id, rawConfig: undefined }))).faults.map(
      ({ plugin: id, where, message }) => `${id} › ${where}: ${message}`,
    );
  expect(report(shelf, writer('anna', '1'), writer('bert', '1'))).toEqual([
    'bert › contributes.shelf.books[0].isbn: The key "1" in shelf.books is already used by anna.',
  ]);
  // The first is out for a fault of its own: the key is free.
  const faulty = checkPlugins(
    [shelf, writer('anna', '1', { mayGrant: { a: ['b'] } }), writer('bert', '1')].map((definition) => ({
      ...{ definition, origin: definition.id, rawConfig: undefined },
    })),
  );
  expect([...faulty.unsound.keys()]).toEqual(['anna']);
  expect(report(plugin('shelf', { points: { books: z.string() }, pointKeys: { boks: 'isbn' } }))).toEqual([
    'shelf › pointKeys.boks: It opens no point "boks".',
  ]);
});
