import { handlerFor } from '@ilearn/core';
import type { ActivityCradle } from './cradle.js';

const handler = handlerFor<ActivityCradle>();

/** Events of other plugins that are counted. */
export const onEvents = {
  'lti.launched': handler('lti.launched', ({ payload: { school, personId, tool }, services: { activity } }) =>
    activity.add({ school, personId, measure: 'launches', item: tool }),
  ),
  'myway.step-done': handler('myway.step-done', async ({ payload: { school, pupilId, doneBy }, services: { activity } }) => {
    if (doneBy !== 'teacher') await activity.add({ school, personId: pupilId, measure: 'steps-done', item: '' });
  }),
};
