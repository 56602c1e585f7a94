import { type KernelCradle, routeFor, type Uses } from '@ilearn/core';
// Brings the agenda's entry in the registry, so that the compiler knows what it offers.
import type {} from 'ilearn-plugin-agenda';
import { z } from 'zod';

interface Cradle extends KernelCradle, Uses<'agenda'> {}

const day = z.object({ day: z.iso.date(), minutes: z.int(), tasks: z.int() });

export const routes = [
  routeFor<Cradle>()({
    method: 'GET',
    path: '/classes/:classId/load',
    summary: 'Minutes of homework of a class on each day of a week',
    permission: 'homework:read',
    machines: { none: 'Machines ask the agenda itself.' },
    params: z.object({ classId: z.uuid() }),
    query: z.object({ monday: z.iso.date() }),
    responses: { 200: z.object({ days: z.array(day).max(7) }) },
    handler: async ({ services: { agenda }, params: { classId }, query: { monday } }) => ({
      days: await agenda.load.ofWeek(classId, monday),
    }),
  }),
];
