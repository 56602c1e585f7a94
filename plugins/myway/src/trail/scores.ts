import { handlerFor } from '@ilearn/core';
import { scoreReceived } from '@ilearn/plugin-lti';
import type { Cradle } from '../cradle.js';

/** `lti.score-received`: records the score. */
export const recordScore = handlerFor<Cradle>()(scoreReceived, async ({ payload, services, message }) => {
  const outcome = await services.results.score(payload, message);
  if (outcome !== 'recorded') services.log.info({ event: message.id, outcome }, 'score ignored');
});
