import { z } from 'zod';

/** Configuration of e-mail, below `mail` of the plugin's configuration. */
export const mailConfig = z.strictObject({
  /** Seconds within which a mail server must answer each command. */
  answerSeconds: z.int().min(1).max(120).default(20),
  /** Seconds for which each check of the mailbox waits for new mail (IMAP IDLE). */
  idleSeconds: z.int().min(0).max(600).default(45),
  /** Seconds from one check of the mailbox to the next. */
  pauseSeconds: z.int().min(1).max(3_600).default(15),
  /** Minutes without a successful check of the mailbox after which administrators are told. */
  silentMinutes: z.int().min(1).max(1_440).default(10),
  /** Greatest number of mails from one sender in an hour; those beyond are put aside. */
  receivedPerHour: z.int().min(1).max(10_000).default(60),
  /** Greatest number of automatic mails, such as acknowledgements, to one address in an hour; there are no more than that. */
  automaticPerHour: z.int().min(0).max(1_000).default(5),
  /** Certificate authorities (PEM) that the mail servers' certificates are checked against; default: those of Node. */
  ca: z.string().max(100_000).optional(),
});
export type MailConfig = z.output<typeof mailConfig>;
