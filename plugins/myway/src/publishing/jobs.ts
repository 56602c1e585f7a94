import { jobFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import { payloads } from './model.js';

const job = jobFor<Cradle>();

export const publishPath = job({
  payload: payloads['publish-path'],
  handler: ({ payload, services }) => services.publishing.publish(payload),
});

export const endPublication = job({
  payload: payloads['end-publication'],
  handler: ({ payload, services }) => services.publishing.end(payload.pathId),
});
