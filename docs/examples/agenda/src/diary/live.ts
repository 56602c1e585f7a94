import { topicFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';

/** Ids and codes only: the page asks a route for what changed. */
export const topics = {
  week: { params: z.object({ classId: z.uuid() }), payload: z.object({ kind: z.enum(['given', 'removed', 'ticked']) }) },
};

export const live = {
  week: topicFor<Cradle>()({
    ...topics.week,
    permission: 'homework:read',
    allow: ({ params, services }) => services.directory.classes.canSee(params.classId),
  }),
};
