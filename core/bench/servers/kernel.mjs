// The kernel with N plugins of ten routes, two tables and a job each; the first answers the benchmark's route.
import { definePlugin, notFound, routeFor } from '@ilearn/core';
import { createTestPlatform } from '@ilearn/core/testing';
import { z } from 'zod';
import { NOTE, NOTE_COUNT, PERSON, SCHOOL } from './notes.mjs';

const count = Number(process.argv[2]);
const route = routeFor();
const note = z.object({ id: z.uuid(), text: z.string() });

function plugin(id) {
  const read = (path) =>
    route({
      method: 'GET',
      path,
      summary: 'One note',
      permission: `${id}:read`,
      params: z.object({ id: z.uuid() }),
      responses: { 200: note },
      handler: async ({ services, params }) =>
        (await services.knex('notes').select('id', 'text').where({ id: params.id }).first()) ?? notFound(),
    });
  return definePlugin({
    id,
    version: '1.0.0',
    permissions: { [`${id}:read`]: ['teacher'] },
    tables: { notes: { school: 'school_id' }, marks: { school: 'school_id' } },
    migrations: [
      {
        name: '0001_notes',
        up: 'create table notes (id uuid primary key, school_id uuid not null, text text not null); create table marks (id uuid primary key, school_id uuid not null)',
        down: 'drop table notes, marks',
      },
    ],
    routes: [read('/notes/:id'), ...Array.from({ length: 9 }, (_, index) => read(`/other-${index}/:id`))],
    jobs: { tidy: { payload: z.object({}), handler: async () => {} } },
  });
}

const plugins = [plugin('notes'), ...Array.from({ length: count - 1 }, (_, index) => plugin(`extra-${index + 1}`))];
const platform = await createTestPlatform({ plugins, settings: { databaseConnections: 10, logLevel: 'warn' } });
await platform.work('notes', ({ knex }) =>
  knex.raw(`insert into notes select gen_random_uuid(), '${SCHOOL}', 'note ' || i from generate_series(1, ${NOTE_COUNT}) i`),
);
await platform.work('notes', ({ knex }) => knex('notes').insert({ id: NOTE, school_id: SCHOOL, text: 'the note' }));
await platform.grant(PERSON, [{ school: SCHOOL, role: 'teacher' }]);
const session = await platform.signIn(PERSON);
process.once('SIGINT', () => process.exit(0));
process.send({
  url: `${platform.url}/api/notes/notes/${NOTE}`,
  cookie: `ilearn=${session.cookie('ilearn')}`,
  bootMs: Math.round(platform.platform.report.totalMs),
});
