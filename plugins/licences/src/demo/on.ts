import { handlerFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { fillDemo } from './fill.js';

/** What this plugin needs of the event of the demonstration. It cannot take the schema from there: the demonstration needs the library, and that asks for licences. */
const made = z.object({
  day: z.iso.date(),
  schools: z.object({ wegwijzer: z.uuid(), terLinden: z.uuid() }),
  people: z.record(z.string(), z.uuid()),
});

/** Adds licences to the demonstration. */
export const on = {
  'demo.made': handlerFor<Cradle>()('demo.made', ({ payload, services }) => fillDemo(services, made.parse(payload))),
};
