import { MailDesk } from './desk/mail-desk.js';
import { Inbound } from './inbound/inbound.js';
import { Intake } from './inbound/intake.js';
import { Places } from './inbound/places.js';
import { Reports } from './inbound/reports.js';
import { Senders } from './inbound/senders.js';
import { MailboxWatch } from './inbound/watch.js';
import { MailDelivery } from './outbound/delivery.js';
import { Muted } from './outbound/muted.js';
import { MailOutbox } from './outbound/outbox.js';
import { MailTokens } from './tokens.js';

export const mailServices = {
  inbound: Inbound,
  intake: Intake,
  mailDelivery: MailDelivery,
  mailDesk: MailDesk,
  mailOutbox: MailOutbox,
  mailTokens: MailTokens,
  mailboxWatch: MailboxWatch,
  muted: Muted,
  places: Places,
  reports: Reports,
  senders: Senders,
};

/** The services by name. */
export type MailServices = { [Name in keyof typeof mailServices]: InstanceType<(typeof mailServices)[Name]> };
