// Reads a class list of 30 rows, one row, and 10 rows with 5 related rows each, by knex and by a model, in turn.
import { definePlugin } from '@ilearn/core';
import { createTestPlatform } from '@ilearn/core/testing';
import { Model } from 'objection';
import { quantile } from '../support.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 24);
const READS = 100;
const tenant = '11111111-1111-4111-8111-111111111111';

class Line extends Model {
  static tableName = 'lines';
}
class Page extends Model {
  static tableName = 'pages';
  static relationMappings = {
    lines: { relation: Model.HasManyRelation, modelClass: Line, join: { from: 'pages.id', to: 'lines.page_id' } },
  };
}

const book = definePlugin({
  id: 'book',
  version: '1.0.0',
  tables: { pages: { tenant: 'school_id' }, lines: { tenant: 'school_id' } },
  models: { Page, Line },
  migrations: [
    {
      name: '0001_book',
      up: `create table pages (id int primary key, school_id uuid not null, title text not null, at timestamptz default now());
           create table lines (id serial, school_id uuid not null, page_id int not null references pages, text text not null);
           create index on lines (page_id)`,
      down: 'drop table lines, pages',
    },
  ],
});

const reads = {
  'one row': {
    knex: ({ knex }) => knex('pages').where({ id: 7 }).first(),
    model: ({ Page }) => Page.query().findById(7),
  },
  '30 rows': {
    knex: ({ knex }) => knex('pages').where('id', '<=', 30).orderBy('id'),
    model: ({ Page }) => Page.query().where('id', '<=', 30).orderBy('id'),
  },
  '10 rows with 5 related rows each': {
    async knex({ knex }) {
      const pages = await knex('pages').where('id', '<=', 10).orderBy('id');
      const byPage = new Map(pages.map((page) => [page.id, Object.assign(page, { lines: [] }).lines]));
      for (const line of await knex('lines').whereIn('page_id', [...byPage.keys()])) byPage.get(line.page_id).push(line);
      return pages;
    },
    model: ({ Page }) => Page.query().where('id', '<=', 10).orderBy('id').withGraphFetched('lines'),
  },
};

const platform = await createTestPlatform({ plugins: [book], settings: { logLevel: 'warn' } });
await platform.work('book', async ({ Page }) => {
  const lines = (page) => Array.from({ length: 5 }, (_, i) => ({ school_id: tenant, text: `line ${page}.${i}` }));
  await Page.query().insertGraph(
    Array.from({ length: 100 }, (_, i) => ({ id: i, school_id: tenant, title: `page ${i}`, lines: lines(i) })),
  );
});

/** Microseconds a read, within one unit of work. */
async function measure(read) {
  return platform.work('book', async (services) => {
    const from = performance.now();
    for (let i = 0; i < READS; i++) await read(services);
    return ((performance.now() - from) * 1_000) / READS;
  });
}

const rows = {};
for (const [name, ways] of Object.entries(reads)) {
  for (const way of ['knex', 'model', 'knex', 'model']) await measure(ways[way]);
  const times = { knex: [], model: [] };
  for (let round = 0; round < ROUNDS; round++)
    for (const way of round % 2 === 0 ? ['knex', 'model'] : ['model', 'knex']) times[way].push(await measure(ways[way]));
  const ratios = times.model.map((time, round) => time / times.knex[round]);
  rows[name] = {
    'knex, µs': Math.round(quantile(times.knex, 0.5)),
    'model, µs': Math.round(quantile(times.model, 0.5)),
    'model ÷ knex': quantile(ratios, 0.5).toFixed(2),
  };
}
process.send(rows);
await platform.stop();
process.exit(0);
