import { Ticket, TicketMessage, TicketParticipant, TicketSide, TicketStep } from './tickets/models.js';

/** Objection models of the tables. */
export const models = { Ticket, TicketMessage, TicketParticipant, TicketSide, TicketStep };
