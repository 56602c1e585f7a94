import type { Dependencies } from './dependencies.js';
import type { Clocks } from './service-levels/clocks.js';
import type { Attachments } from './tickets/attachments.js';
import type { Parts } from './tickets/parts.js';
import type { Tellings } from './tickets/tellings.js';
import type { TicketTraces } from './tickets/ticket-traces.js';
import type { Ticketing } from './tickets/ticketing.js';

/** The services that routes, jobs and event handlers can resolve. Services use {@link Dependencies} and name the others in their constructors. */
export interface Cradle extends Dependencies {
  attachments: Attachments;
  clocks: Clocks;
  parts: Parts;
  ticketTellings: Tellings;
  ticketTraces: TicketTraces;
  ticketing: Ticketing;
}
