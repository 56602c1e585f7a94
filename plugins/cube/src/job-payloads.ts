import { z } from 'zod';

export const payloads = {
  count: z.object({}),
  prepare: z.object({}),
  publish: z.object({}),
  'fill-demo': z.object({ day: z.iso.date(), schools: z.array(z.uuid()).max(10), at: z.int() }),
};
