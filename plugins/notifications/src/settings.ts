import { secretText } from '@ilearn/core';
import { z } from 'zod';

/** The mail server, on the settings page of the portal. Without a host, e-mails wait in the outbox. */
export const settings = {
  portal: z.object({
    host: z.string().trim().max(253).default(''),
    port: z.int().min(1).max(65_535).default(587),
    security: z.enum(['starttls', 'tls', 'none']).default('starttls'),
    user: z.string().max(200).default(''),
    password: secretText({ max: 500 }),
    from: z.email().max(200).default(''),
  }),
};
