// Counts the rows of a table whose purpose allows objection, reads those of one person, and inserts: with nobody, one and 1,001 people who
// objected and are restricted, and without the policies and triggers.
import { definePlugin } from '@ilearn/core';
import { createTestPlatform } from '@ilearn/core/testing';
import { median } from '../support.mjs';

const ROWS = 100_000;
const PEOPLE = 10_000;
const READS = 15;
const INSERTS = 20_000;
const school = '11111111-1111-4111-8111-111111111111';
const person = (n) => `('00000000-0000-4000-8000-' || lpad((${n})::text, 12, '0'))::uuid`;
const columns = `id int generated always as identity primary key, school_id uuid not null, person_id uuid not null,
  updated_at timestamptz not null default now()`;
const of = (purpose) => ({
  tenant: 'school_id',
  people: { person_id: 'subject' },
  keep: 'P1Y',
  erase: 'delete',
  purpose,
  use: 'a measurement',
});

const measured = definePlugin({
  id: 'measured',
  version: '1.0.0',
  purposes: {
    improving: { controller: 'operator', basis: 'legitimate-interests', recipients: [] },
    helping: { controller: 'tenant', basis: 'contract', recipients: [] },
  },
  // `opinions` has the policies of objection and of restriction, `scores` that of restriction.
  tables: { opinions: of('improving'), scores: of('helping') },
  migrations: [
    {
      name: '0001_measured',
      up: `create table opinions (${columns}); create index on opinions (person_id);
           create table scores (${columns}); create index on scores (person_id);`,
      down: 'drop table opinions, scores',
    },
  ],
});

const portal = await createTestPlatform({ plugins: [measured], settings: { logLevel: 'warn' } });
const { pool } = await portal.platform.home();
const within = (fn) => portal.work('measured', ({ knex }) => fn(knex));
for (const table of ['opinions', 'scores']) {
  await pool.query(
    `insert into measured.${table} (school_id, person_id) select $1, ${person(`n % ${PEOPLE}`)} from generate_series(1, ${ROWS}) n`,
    [school],
  );
  await pool.query(`analyze measured.${table}`);
}

/** Median milliseconds of a query. */
async function query(run) {
  const times = [];
  await within(async (knex) => {
    for (let read = 0; read < READS; read++) {
      const from = performance.now();
      await run(knex);
      times.push(performance.now() - from);
    }
  });
  return Number(median(times).toFixed(2));
}

/** Microseconds of a row. */
async function insert(table) {
  const from = performance.now();
  await within((knex) =>
    knex.raw(
      `insert into ${table} (school_id, person_id) select '${school}'::uuid, gen_random_uuid() from generate_series(1, ${INSERTS})`,
    ),
  );
  const time = ((performance.now() - from) * 1000) / INSERTS;
  await pool.query(`delete from measured.${table} where id > ${ROWS}`);
  return Number(time.toFixed(1));
}

async function row(who) {
  const one = { person_id: '00000000-0000-4000-8000-000000000077' };
  return {
    who,
    'count of opinions': await query((knex) => knex('opinions').count('*')),
    'opinions of one': await query((knex) => knex('opinions').where(one)),
    'count of scores': await query((knex) => knex('scores').count('*')),
    'scores of one': await query((knex) => knex('scores').where(one)),
    'insert an opinion': await insert('opinions'),
    'insert a score': await insert('scores'),
  };
}

/** Makes so many people object and be restricted. */
async function decide(count) {
  await pool.query(
    `insert into kernel.objections (person_id, purpose) select ${person('n')}, 'improving' from generate_series(1000, ${999 + count}) n on conflict do nothing`,
  );
  await pool.query(
    `insert into kernel.restrictions (person_id, ground) select ${person('n')}, 'accuracy' from generate_series(1000, ${999 + count}) n on conflict do nothing`,
  );
}

const rows = [await row('nobody')];
await decide(1);
rows.push(await row('one objected and is restricted'));
await decide(1001);
rows.push(await row('1,001 objected and are restricted'));
await pool.query('delete from kernel.objections; delete from kernel.restrictions');
for (const [table, names] of Object.entries({ opinions: ['restriction', 'choice'], scores: ['restriction'] })) {
  for (const name of names) {
    await pool.query(`drop policy ilearn_${name} on measured.${table}`);
    await pool.query(`drop trigger ilearn_${name} on measured.${table}`);
  }
}
rows.push(await row('without the policies and triggers'));
process.send(rows);
await portal.stop();
process.exit(0);
