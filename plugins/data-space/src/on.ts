import { handlerFor } from '@ilearn/core';
import type { Act } from './activity/activity.js';
import type { Cradle } from './cradle.js';

const handler = handlerFor<Cradle>();

/** Counts for releases, and for the studies to which the person said yes. */
async function count({ activity, participants }: Cradle, done: Act): Promise<void> {
  await activity.add(done);
  await participants.act(done);
}

/** Events of other plugins that are counted. */
export const onActs = {
  'lti.launched': handler('lti.launched', ({ payload: { school, personId, tool }, services }) =>
    count(services, { school, personId, measure: 'launches', item: tool }),
  ),
  'myway.step-done': handler('myway.step-done', async ({ payload: { school, pupilId, doneBy }, services }) => {
    if (doneBy !== 'teacher') await count(services, { school, personId: pupilId, measure: 'steps-done', item: '' });
  }),
};
