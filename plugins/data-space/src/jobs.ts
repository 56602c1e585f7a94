import { jobFor } from '@ilearn/core';
import type { Cradle } from './cradle.js';
import { payloads } from './job-payloads.js';

const job = jobFor<Cradle>();

export const jobs = {
  /** Draws the answers of a release whose cost has been committed, and publishes it. */
  answer: job({
    payload: payloads.answer,
    handler: ({ payload: { release }, services: { releases } }) => releases.answer(release),
  }),
};
