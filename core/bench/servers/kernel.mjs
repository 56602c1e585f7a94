// The kernel with N plugins of ten routes, two tables and a job each; the first answers the benchmark's route.
import { createTestPlatform } from '@ilearn/core/testing';
import { createPlugins } from '../plugins.mjs';
import { NOTE, NOTE_COUNT, PERSON, TENANT } from './notes.mjs';

const plugins = createPlugins(Number(process.argv[2]));
const platform = await createTestPlatform({ plugins, settings: { databaseConnections: 10, logLevel: 'warn' } });
await platform.work('notes', ({ knex }) =>
  knex.raw(`insert into notes select gen_random_uuid(), '${TENANT}', 'note ' || i from generate_series(1, ${NOTE_COUNT}) i`),
);
await platform.work('notes', ({ knex }) => knex('notes').insert({ id: NOTE, school_id: TENANT, text: 'the note' }));
await platform.grant(PERSON, [{ tenant: TENANT, role: 'teacher' }]);
const session = await platform.signIn(PERSON);
process.once('SIGINT', () => process.exit(0));
process.send({ url: `${platform.url}/api/notes/notes/${NOTE}`, cookie: `ilearn=${session.cookie('ilearn')}` });
