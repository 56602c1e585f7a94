import { topicFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import { topics } from './topics.js';

export const live = {
  invitations: topicFor<Cradle>()({
    ...topics.invitations,
    permission: 'invitation:write',
    allow: ({ params, services: { directory } }) => directory.providers.mayManage(params.provider),
  }),
};
