import { z } from 'zod';

export const config = z.strictObject({
  /** Seconds from a notification to its e-mail, so that several at once become one e-mail. */
  gatherSeconds: z.int().min(0).max(3_600).default(60),
  /** Greatest number of e-mails to one person in an hour; what comes after waits and is put together. */
  mailsPerHour: z.int().min(1).max(1_000).default(6),
  /** Seconds within which the mail server must answer each command. */
  answerSeconds: z.int().min(1).max(120).default(20),
  /** Certificate authorities (PEM) that the mail server's certificate is checked against; default: those of Node. */
  ca: z.string().max(100_000).optional(),
});
export type Config = z.output<typeof config>;
