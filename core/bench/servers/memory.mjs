// A web process whose memory is measured: it tells what it holds when it is asked.
import { createTestPlatform } from '@ilearn/core/testing';
import { createPlugins } from '../plugins.mjs';
import { NOTE, NOTE_COUNT, PERSON, TENANT } from './notes.mjs';

const SESSIONS = 200;

const platform = await createTestPlatform({
  plugins: createPlugins(10),
  settings: { databaseConnections: 10, logLevel: 'warn' },
});
await platform.work('notes', ({ knex }) =>
  knex.raw(`insert into notes select gen_random_uuid(), '${TENANT}', 'note ' || i from generate_series(1, ${NOTE_COUNT}) i`),
);
await platform.work('notes', ({ knex }) => knex('notes').insert({ id: NOTE, school_id: TENANT, text: 'the note' }));
await platform.grant(PERSON, [{ tenant: TENANT, role: 'teacher' }]);
const cookies = [];
for (let n = 0; n < SESSIONS; n++) cookies.push(`ilearn=${(await platform.signIn(PERSON)).cookie('ilearn')}`);

process.on('message', ({ collect }) => {
  if (collect) global.gc();
  const { rss, heapUsed, external } = process.memoryUsage();
  process.send({ rss, heapUsed, external });
});
process.once('disconnect', () => process.exit(0));
process.send({ url: platform.url, path: `/api/notes/notes/${NOTE}`, cookies });
