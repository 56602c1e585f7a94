import { z } from 'zod';

export const config = z
  .strictObject({
    /** Where browsers and the portal reach the practice tool. */
    toolUrl: z
      .url({ protocol: /^https?$/, error: 'must be an http(s) address' })
      .transform((url) => url.replace(/\/+$/, ''))
      .default('http://127.0.0.1:4110'),
    /** Start the tool with the portal, as a process of its own that listens on the port of `toolUrl`. */
    spawn: z.boolean().default(false),
  })
  .refine(({ toolUrl, spawn }) => !spawn || toolUrl.startsWith('http:'), {
    path: ['spawn'],
    error:
      'the tool itself speaks http only: start it by hand behind a proxy (see its --port and --url), or give toolUrl an http address',
  });

export type Config = z.output<typeof config>;
