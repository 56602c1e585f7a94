// The reference for work: items in a table, taken by four loops, each in one transaction with its effect.
import pg from 'pg';

const count = Number(process.argv[2]);
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
await pool.query('create table items (id int primary key, payload jsonb not null); create table effects (item int not null)');
const started = performance.now();
for (let first = 0; first < count; first += 100) {
  const client = await pool.connect();
  await client.query('begin');
  for (let number = first; number < first + 100; number++) {
    await client.query('insert into items (id, payload) values ($1, $2)', [number, JSON.stringify({ item: number })]);
  }
  await client.query('commit');
  client.release();
}
const accepted = performance.now();
async function loop() {
  for (;;) {
    const client = await pool.connect();
    await client.query('begin');
    const { rows } = await client.query(
      'delete from items where id = (select id from items order by id limit 1 for update skip locked) returning payload',
    );
    if (rows.length > 0) await client.query('insert into effects (item) values ($1)', [rows[0].payload.item]);
    await client.query('commit');
    client.release();
    if (rows.length === 0) return;
  }
}
await Promise.all([loop(), loop(), loop(), loop()]);
const ended = performance.now();
const rates = { accepted: (count / (accepted - started)) * 1000, done: (count / (ended - started)) * 1000 };
process.send({ jobs: rates, events: rates });
await pool.end();
process.disconnect();
