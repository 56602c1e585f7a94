import { handlerFor } from '@ilearn/core';
import type {} from '@ilearn/plugin-myway';
import type { Cradle } from '../cradle.js';

/** Who finished the path of a training has followed it. */
export const onPaths = {
  'myway.path-finished': handlerFor<Cradle>()('myway.path-finished', async ({ payload, services: { selfPaced } }) => {
    await selfPaced.finished(payload.pathId, payload.pupilId);
  }),
};
