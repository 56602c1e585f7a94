import { csvStream, isStorableDay, type RouteRequest, routeFor, systemPrincipal } from '@ilearn/core';
import { z } from 'zod';
import type { StudyCradle } from './cradle.js';
import { type Delivery, head } from './deliveries.js';

const route = routeFor<StudyCradle>();
const day = z.iso.date().refine(isStorableDay, 'Give a day from the year 1 on.');

export const deliveryRoutes = [
  route({
    method: 'POST',
    path: '/studies/:id/deliveries',
    summary: 'Fetch the data of a study for some weeks, with the token of the study (RFC 6750)',
    permission: 'public',
    session: false,
    bodyLimit: 4_096,
    params: z.object({ id: z.uuid() }),
    body: z
      .strictObject({ from: day, to: day })
      .refine(({ from, to }) => from <= to, { path: ['to'], message: 'The last day comes before the first one.' }),
    responses: { 200: { description: 'A row for each pupil, week, measure and tool', contentType: 'text/csv' } },
    async authorise({ request, services }: { request: RouteRequest; services: StudyCradle }): Promise<void> {
      await services.studyTokens.studyOf(request.header('authorization'));
    },
    async handler({ params: { id }, body, request, services, work }) {
      const authorization = request.header('authorization');
      const { columns, delivery } = await services.actAs<Begun, StudyCradle>(
        systemPrincipal(),
        async ({ studies, deliveries }) => {
          const begun = await deliveries.begin(authorization, id, body);
          return { columns: head(await studies.get(id)), delivery: begun };
        },
      );
      return csvStream(rowsOf(columns, delivery, work));
    },
  }),
];

interface Begun {
  columns: string[];
  delivery: Delivery;
}

type Work = <T>(fn: (services: StudyCradle) => Promise<T>) => Promise<T>;
type Batch = { rows: (string | number)[][]; after: string | null };

/** Each batch has a unit of work of its own: who withdraws meanwhile is in no later one. */
async function* rowsOf(columns: string[], delivery: Delivery, work: Work) {
  yield columns;
  for (let after: string | null = null; ; ) {
    const from: string | null = after;
    const batch: Batch = await work(({ actAs }) =>
      actAs<Batch, StudyCradle>(systemPrincipal(), ({ deliveries }) => deliveries.next(delivery, from)),
    );
    yield* batch.rows;
    if (batch.after === null) return;
    after = batch.after;
  }
}
