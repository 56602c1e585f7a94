import { z } from 'zod';
import { endOtherSessions, endOwnSession, ownSessions, SHOWN_SESSIONS } from '../access/own-sessions.js';
import { currentFrame, type HttpExchange } from '../context/frame.js';
import { notFound } from '../contract/problem.js';
import { nothing } from '../contract/responses.js';
import { routeFor } from '../contract/route.js';

const route = routeFor<unknown>();

const here = () => {
  const { unit, http } = currentFrame('kernel');
  return { unit, asker: http as HttpExchange };
};

/** Lists the signed-in person's other sessions, and ends them. Other people's sessions are neither shown nor ended. */
export const ownSessionRoutes = [
  route({
    method: 'GET',
    path: '/sessions',
    summary: 'Where you are signed in',
    permission: 'signed-in',
    machines: { none: 'It concerns the sessions of the signed-in person.' },
    audit: { none: 'It shows people only their own sessions.' },
    responses: {
      200: z.object({
        sessions: z
          .array(
            z.object({
              id: z.uuid(),
              device: z.string().nullable().describe('Browser and system, such as Chrome (Android); null if unknown'),
              startedAt: z.date(),
              usedAt: z.date().describe('To the minute'),
              expiresAt: z.date(),
              current: z.boolean().describe('Whether it is the session of this request'),
            }),
          )
          .max(SHOWN_SESSIONS),
        more: z.boolean().describe('Whether there are more sessions than this list has'),
      }),
    },
    handler: async () => {
      const { unit, asker } = here();
      const found = await ownSessions(unit, asker);
      return { sessions: found.slice(0, SHOWN_SESSIONS), more: found.length > SHOWN_SESSIONS };
    },
  }),
  route({
    method: 'DELETE',
    path: '/sessions',
    summary: 'End all your sessions but this one',
    permission: 'signed-in',
    machines: { none: 'It concerns the sessions of the signed-in person.' },
    responses: { 204: nothing('Ended') },
    handler: async () => {
      const { unit, asker } = here();
      await endOtherSessions(unit, asker);
    },
  }),
  route({
    method: 'DELETE',
    path: '/sessions/:id',
    summary: 'End one of your other sessions',
    permission: 'signed-in',
    machines: { none: 'It concerns the sessions of the signed-in person.' },
    params: z.object({ id: z.uuid() }),
    responses: { 204: nothing('Ended') },
    handler: async ({ params }) => {
      const { unit, asker } = here();
      if (!(await endOwnSession(unit, asker, params.id))) {
        throw notFound('You have no other session with this id. To end the one that you use now, sign out.');
      }
    },
  }),
];
