import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { sessionOf } from '../rows.js';
import { session } from '../shapes.js';

const route = routeFor<Cradle>();
const mostSessions = 5;

const own = z.object({ event: z.uuid(), title: z.string() });

export const startRoutes = [
  route({
    method: 'GET',
    path: '/start/mine',
    summary: 'Seats that are offered to you, and your next sessions, for the start page',
    permission: 'academy:enrol',
    machines: { none: 'People use it.' },
    responses: {
      200: z.object({
        offered: z.array(own.extend({ until: z.date() })).max(mostSessions),
        sessions: z
          .array(own.extend(session.pick({ day: true, starts: true, ends: true, startsAt: true }).shape))
          .max(mostSessions),
      }),
    },
    async handler({ services: { myLearning, clock } }) {
      const mine = (await myLearning.list()).map(({ enrolment, event }) => ({
        enrolment,
        event,
        title: event.training?.title ?? '',
      }));
      const offered = mine.flatMap(({ enrolment: { state, offered_until: until }, event, title }) =>
        state === 'offered' && until !== null ? [{ event: event.id, title, until }] : [],
      );
      const sessions = mine
        .filter(({ enrolment }) => enrolment.state === 'booked')
        .flatMap(({ event, title }) =>
          (event.sessions ?? [])
            .filter(({ cancelled, ends_at }) => !cancelled && ends_at > clock.now())
            .map((row) => ({ ...sessionOf(row), event: event.id, title, at: row.starts_at.getTime() })),
        )
        .sort((one, other) => one.at - other.at);
      return { offered: offered.slice(0, mostSessions), sessions: sessions.slice(0, mostSessions) };
    },
  }),
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
        bookedMore: z.boolean(),
        approvals: z.int(),
        coachings: z.int(),
      }),
    },
    async handler({ services: { deskStart } }) {
      const [sessions, counts] = await Promise.all([deskStart.sessions(mostSessions), deskStart.counts()]);
      const clock = (time: string) => time.slice(0, 5);
      return {
        sessions: sessions.map((each) => ({ ...each, starts: clock(each.starts), ends: clock(each.ends) })),
        ...counts,
      };
    },
  }),
];
