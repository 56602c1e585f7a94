import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';

const route = routeFor<Cradle>();

export const privacyStartRoutes = [
  route({
    method: 'GET',
    path: '/start',
    summary: 'How many erasures are not done, and how many of them failed',
    audit: { none: 'It shows no personal data.' },
    permission: 'privacy:erase',
    machines: { none: 'It is a part of a person’s start page.' },
    responses: { 200: z.object({ open: z.int(), failed: z.int() }) },
    async handler({ services: { privacy } }) {
      const states = (await privacy.erasures()).map(({ state }) => state);
      return {
        open: states.filter((state) => state !== 'done').length,
        failed: states.filter((state) => state === 'failed').length,
      };
    },
  }),
];
