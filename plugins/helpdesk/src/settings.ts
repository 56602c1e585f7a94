import { z } from 'zod';
import { mailSettings } from './mail/settings.js';

export const settings = {
  portal: z.object({
    /** Asks for a score once a solution was confirmed. */
    survey: z.boolean().default(false),
    ...mailSettings,
  }),
  tenant: z.object({
    /** Pupils ask the helpdesk themselves; otherwise their teacher passes it on. */
    pupilsAsk: z.boolean().default(false),
    /** Questions go to the school's ICT coordinator first. */
    schoolFirst: z.boolean().default(true),
  }),
};
