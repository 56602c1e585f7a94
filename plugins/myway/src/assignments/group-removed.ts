import { handlerFor } from '@ilearn/core';
import { groupRemoved } from '@ilearn/plugin-directory';
import type { Cradle } from '../cradle.js';

/** `directory.group-removed`: ends the group's assignments. Results are kept. */
export const endAssignmentsOfGroup = handlerFor<Cradle>()(groupRemoved, async ({ payload, services }) => {
  await services.assignments.endAllOfClass(payload.groupId);
});
