import { topicFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import { topics } from './topics.js';

export const live = {
  inbox: topicFor<Cradle>()({
    ...topics.inbox,
    permission: 'signed-in',
    allow: ({ params, principal }) => params.personId === principal.id,
  }),
};
