import { topicFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import { topics } from './topics.js';

const topic = topicFor<Cradle>();

/** A principal may follow a topic if they may see the page that shows it. */
export const live = {
  board: topic({
    ...topics.board,
    permission: 'progress:read',
    allow: async ({ params, services }) => (await services.assignments.followed(params.assignmentId)) !== undefined,
  }),
  trail: topic({
    ...topics.trail,
    permission: 'path:walk',
    allow: ({ params, principal }) => params.pupilId === principal.id,
  }),
  path: topic({
    ...topics.path,
    permission: 'path:write',
    allow: async ({ params, services }) => (await services.pathService.editableRow(params.pathId)) !== undefined,
  }),
};
