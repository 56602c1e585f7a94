import { z } from 'zod';

/** Settings of the portal for letters of the operator. */
export const settings = {
  portal: z.object({ operatorName: z.string().max(200).default('i-Learn') }),
};
