import { z } from 'zod';

export const topics = {
  runs: { params: z.object({ school: z.uuid() }), payload: z.object({ run: z.uuid() }) },
};
