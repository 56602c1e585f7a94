import { definePlugin, jobFor } from '@ilearn/core';
import { z } from 'zod';

const job = jobFor<any>();
const payload = z.object({ secret: z.string() });

/** A plugin whose jobs fail for good at once, wait, or are done. */
export const failing = definePlugin({
  id: 'failing',
  version: '1.0.0',
  jobs: {
    broken: job({
      payload,
      retries: 0,
      handler: ({ payload: { secret } }) => {
        throw new RangeError(`cannot do this for ${secret}`);
      },
    }),
    fine: job({ payload, handler: () => {} }),
  },
});
