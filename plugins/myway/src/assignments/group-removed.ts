import { handlerFor } from '@ilearn/core';
import { groupRemoved } from '@ilearn/plugin-directory';
import type { Cradle } from '../cradle.js';

/** `directory.group-removed`: nobody has the group's work any more, so its assignments end. Results stay. */
export const endAssignmentsOfGroup = handlerFor<Cradle>()(groupRemoved, async ({ payload, services }) => {
  await services.assignments.endAllOfClass(payload.groupId);
});
