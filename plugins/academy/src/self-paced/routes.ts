import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { id } from '../shapes.js';
import { mostPaths } from '../trainings/training-paths.js';

const route = routeFor<Cradle>();
const machines = { none: 'People use it.' };

export const selfPacedRoutes = [
  route({
    method: 'GET',
    path: '/desk/paths',
    summary: 'Paths of MyWay for colleagues, which a training can consist of',
    permission: 'academy:plan',
    machines,
    audit: { none: 'It shows no personal data.' },
    responses: {
      200: z.object({ paths: z.array(z.object({ id: z.uuid(), title: z.string() })).max(mostPaths), more: z.boolean() }),
    },
    async handler({ services: { trainingPaths } }) {
      const found = await trainingPaths.list(mostPaths + 1);
      const paths = found.slice(0, mostPaths).map(({ id: path, title }) => ({ id: path, title }));
      return { paths, more: found.length > mostPaths };
    },
  }),
  route({
    method: 'GET',
    path: '/my-learning/paths/:id',
    summary: 'The training for which you follow a path of MyWay; `id`: that of the assignment, in the address of its page',
    permission: 'academy:enrol',
    machines,
    params: id,
    responses: {
      200: z.object({
        training: z.object({ id: z.uuid(), title: z.string(), attended: z.boolean() }).nullable().describe('Null: none'),
      }),
    },
    handler: async ({ params, services: { selfPaced } }) => ({ training: await selfPaced.trainingOf(params.id) }),
  }),
  route({
    method: 'POST',
    path: '/catalogue/:id/path',
    summary: 'Begin a training that people follow in their own time, or go on; signs you up',
    permission: 'academy:enrol',
    machines,
    params: id,
    body: z.strictObject({ school: z.uuid() }),
    responses: { 200: z.object({ address: z.string().describe('The page of the path') }) },
    handler: async ({ params, body, services: { selfPaced } }) => ({ address: await selfPaced.begin(params.id, body.school) }),
  }),
];
