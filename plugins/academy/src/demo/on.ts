import { handlerFor } from '@ilearn/core';
import type {} from '@ilearn/plugin-demo';
import type { Cradle } from '../cradle.js';
import { fillDemo } from './fill.js';

/** Adds the academy to the demonstration. */
export const on = {
  'demo.made': handlerFor<Cradle>()('demo.made', ({ payload, services }) => fillDemo(services, payload)),
};
