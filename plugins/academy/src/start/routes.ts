import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';

const route = routeFor<Cradle>();
const mostSessions = 5;

export const startRoutes = [
  route({
    method: 'GET',
    path: '/start/desk',
    summary: 'Your provider’s next sessions, people who are booked, and what waits for an answer, for the start page',
    permission: 'academy:teach',
    machines: { none: 'People use it.' },
    audit: { none: 'It shows no personal data.' },
    responses: {
      200: z.object({
        sessions: z
          .array(
            z.object({
              event: z.uuid(),
              title: z.string(),
              day: z.string(),
              starts: z.string(),
              ends: z.string(),
              region: z.string(),
              taken: z.int(),
              capacity: z.int(),
            }),
          )
          .max(mostSessions),
        booked: z.int(),
        approvals: z.int(),
        coachings: z.int(),
      }),
    },
    async handler({ services: { deskStart } }) {
      const sessions = await deskStart.sessions(mostSessions);
      const clock = (time: string) => time.slice(0, 5);
      return {
        sessions: sessions.map((each) => ({ ...each, starts: clock(each.starts), ends: clock(each.ends) })),
        ...(await deskStart.counts()),
      };
    },
  }),
];
