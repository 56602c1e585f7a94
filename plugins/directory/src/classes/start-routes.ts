import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { classShape } from '../shapes.js';

const route = routeFor<Cradle>();

/** Classes and groups that the start page shows. */
const mostShown = 40;

export const startClassRoutes = [
  route({
    method: 'GET',
    path: '/start/classes',
    summary: 'The classes and groups that the person teaches',
    audit: { none: 'It shows no personal data.' },
    permission: 'group:write',
    machines: { none: 'It is a part of a person’s start page.' },
    responses: { 200: z.object({ classes: z.array(classShape).max(mostShown) }) },
    async handler({ principal, services: { classes } }) {
      const found = principal.id === null ? [] : await classes.ofPerson(principal.id, 'teacher');
      return { classes: found.slice(0, mostShown) };
    },
  }),
];
