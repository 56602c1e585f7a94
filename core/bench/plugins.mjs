// The plugins of the benchmark: ten routes, two tables and a job each; `notes` answers the route that is measured.
import { definePlugin, notFound, routeFor } from '@ilearn/core';
import { z } from 'zod';

const route = routeFor();
const note = z.object({ id: z.uuid(), text: z.string() });

function plugin(id) {
  const read = (path) =>
    route({
      method: 'GET',
      path,
      summary: 'One note',
      permission: `${id}:read`,
      machines: { none: 'measured as a person' },
      params: z.object({ id: z.uuid() }),
      responses: { 200: note },
      handler: async ({ services, params }) =>
        (await services.knex('notes').select('id', 'text').where({ id: params.id }).first()) ?? notFound(),
    });
  return definePlugin({
    id,
    version: '1.0.0',
    permissions: { [`${id}:read`]: ['teacher'] },
    tables: { notes: { tenant: 'school_id' }, marks: { tenant: 'school_id' } },
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

export const createPlugins = (count) => [
  plugin('notes'),
  ...Array.from({ length: count - 1 }, (_, index) => plugin(`extra-${index + 1}`)),
];
