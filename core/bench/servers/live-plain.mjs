// The reference: koa that streams server-sent events, woken by NOTIFY, without rights, a log or catching up.
import { PassThrough } from 'node:stream';
import Koa from 'koa';
import pg from 'pg';

const [, , database = process.env.DATABASE_URL] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: database, max: 10 });
const ears = new pg.Client({ connectionString: database });
await ears.connect();
await ears.query('listen plain_live');
const followers = new Map();
ears.on('notification', ({ payload }) => {
  const { topic, at } = JSON.parse(payload);
  for (const stream of followers.get(topic) ?? []) stream.write(`data: ${JSON.stringify({ topic, payload: { at } })}\n\n`);
});
const app = new Koa();
app.use((ctx) => {
  const topic = ctx.query.topic;
  const stream = new PassThrough();
  const all = followers.get(topic) ?? new Set();
  followers.set(topic, all.add(stream));
  stream.once('close', () => all.delete(stream));
  ctx.type = 'text/event-stream';
  ctx.body = stream;
  stream.write('event: ready\ndata: {}\n\n');
});
await pool.query('create table if not exists plain_work (id int)');
process.on('message', async ({ what, id }) => {
  if (what === 'publish') {
    const client = await pool.connect();
    await client.query('begin');
    await client.query('insert into plain_work values ($1)', [id]);
    await client.query(`select pg_notify('plain_live', $1)`, [
      JSON.stringify({ topic: `board.class:{"id":${id}}`, at: Date.now() }),
    ]);
    await client.query('commit');
    client.release();
    process.send({ published: id });
  } else if (what === 'memory') {
    global.gc();
    const { rss, heapUsed } = process.memoryUsage();
    process.send({ rss, heapUsed });
  }
});
process.once('disconnect', () => process.exit(0));
const server = app.listen(0, '127.0.0.1', () =>
  process.send({ url: `http://127.0.0.1:${server.address().port}`, topic: 'board.class', cookies: [''], database }),
);
