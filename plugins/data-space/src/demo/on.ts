import { handlerFor } from '@ilearn/core';
import type {} from '@ilearn/plugin-demo';
import type { Cradle } from '../cradle.js';
import { fillDemo } from './fill.js';

/** Adds the data space to the demonstration, if that has more than people. */
export const onDemo = {
  'demo.made': handlerFor<Cradle>()('demo.made', async ({ payload, services }) => {
    if (!payload.results) return;
    await fillDemo(services, payload);
    await services.jobs.enqueue('releaseDemo', { day: payload.day, at: 0 });
  }),
};
