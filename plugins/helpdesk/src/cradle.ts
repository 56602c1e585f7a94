import type { Dependencies } from './dependencies.js';
import type { MailServices } from './mail/services.js';
import type { Clocks } from './service-levels/clocks.js';
import type { ServiceLevels } from './service-levels/levels.js';
import type { Answering } from './tickets/answering.js';
import type { Asking } from './tickets/asking.js';
import type { Attachments } from './tickets/attachments.js';
import type { Conversations } from './tickets/conversations.js';
import type { TicketDesk } from './tickets/desk.js';
import type { TicketNames } from './tickets/names.js';
import type { Overdue } from './tickets/overdue.js';
import type { Parts } from './tickets/parts.js';
import type { Presence } from './tickets/presence.js';
import type { PublicForm } from './tickets/public-form.js';
import type { Queue } from './tickets/queue.js';
import type { Shortcuts } from './tickets/shortcuts.js';
import type { Sides } from './tickets/sides.js';
import type { Tellings } from './tickets/tellings.js';
import type { TicketTraces } from './tickets/ticket-traces.js';
import type { Ticketing } from './tickets/ticketing.js';

/** The services that routes, jobs and event handlers can resolve. Services use {@link Dependencies} and name the others in their constructors. */
export interface Cradle extends Dependencies, MailServices {
  answering: Answering;
  asking: Asking;
  conversations: Conversations;
  overdue: Overdue;
  presence: Presence;
  publicForm: PublicForm;
  queue: Queue;
  serviceLevels: ServiceLevels;
  shortcuts: Shortcuts;
  sides: Sides;
  ticketDesk: TicketDesk;
  ticketNames: TicketNames;
  attachments: Attachments;
  clocks: Clocks;
  parts: Parts;
  ticketTellings: Tellings;
  ticketTraces: TicketTraces;
  ticketing: Ticketing;
}
