// A web of a portal with one live topic, or plain koa that does the same by hand: told by its parent to open sessions, publish and tell its memory.
import { definePlugin, topicFor } from '@ilearn/core';
import { createTestPlatform } from '@ilearn/core/testing';
import { z } from 'zod';

const board = definePlugin({
  id: 'board',
  version: '1.0.0',
  permissions: { 'board:read': ['teacher'] },
  tables: { classes: { tenant: 'school_id' } },
  migrations: [
    { name: '0001', up: 'create table classes (id int primary key, school_id text not null)', down: 'drop table classes' },
  ],
  live: {
    class: topicFor()({
      params: z.object({ id: z.int() }),
      payload: z.object({ at: z.number() }),
      permission: 'board:read',
      allow: async ({ params, services }) => (await services.knex('classes').where(params).first()) !== undefined,
    }),
  },
});
const [classes, sessions, database] = process.argv.slice(2);
const platform = await createTestPlatform({
  plugins: [board],
  settings: { databaseConnections: 10, logLevel: 'warn' },
  ...(await beside()),
});
const school = '11111111-1111-4111-8111-111111111111';
const cookies = [];
if (!database) {
  await platform.work('board', ({ knex }) =>
    knex.raw(`insert into classes select n, '${school}' from generate_series(1, ?::int) n`, [Number(classes)]),
  );
  await platform.grant('33333333-3333-4333-8333-333333333333', [{ tenant: school, role: 'teacher' }]);
  for (let n = 0; n < Number(sessions); n++) {
    cookies.push(`ilearn=${(await platform.signIn('33333333-3333-4333-8333-333333333333')).cookie('ilearn')}`);
  }
}

/** The second web joins the first one's database. */
async function beside() {
  if (!database) return {};
  const { openHome } = await import('../../dist/database/homes/home.js');
  const home = await openHome({ url: database, connections: 10 });
  return { beside: { platform: { home: async () => home } } };
}

process.on('message', async ({ what, id }) => {
  if (what === 'publish') {
    await platform.work('board', ({ live }) => live.publish('class', { id }, { at: Date.now() }));
    process.send({ published: id });
  } else if (what === 'memory') {
    global.gc();
    const { rss, heapUsed } = process.memoryUsage();
    process.send({ rss, heapUsed });
  }
});
process.once('disconnect', () => process.exit(0));
const { connectionString } = (await platform.platform.home()).pool.options;
process.send({ url: platform.url, topic: 'board.class', cookies, database: connectionString });
