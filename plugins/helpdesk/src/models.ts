import { Model } from 'objection';
import type { TicketState } from './tickets/states.js';

/** Columns with the tenants of a row: of the school of whoever asked, and of the provider with whom it is. */
export interface Tenants {
  school_id: string | null;
  provider_id: string | null;
}

/** A question to the helpdesk. Its texts are messages. */
export class Ticket extends Model implements Tenants {
  static override tableName = 'tickets';
  static override relationMappings = () => ({
    messageRows: {
      relation: Model.HasManyRelation,
      modelClass: TicketMessage,
      join: { from: 'tickets.id', to: 'ticket_messages.ticket_id' },
    },
    participants: {
      relation: Model.HasManyRelation,
      modelClass: TicketParticipant,
      join: { from: 'tickets.id', to: 'ticket_participants.ticket_id' },
    },
    steps: {
      relation: Model.HasManyRelation,
      modelClass: TicketStep,
      join: { from: 'tickets.id', to: 'ticket_steps.ticket_id' },
    },
    sides: {
      relation: Model.HasManyRelation,
      modelClass: TicketSide,
      join: { from: 'tickets.id', to: 'ticket_sides.ticket_id' },
    },
  });
  declare id: string;
  /** What people call it: `1042`. A bigint, read as text. */
  declare number: string;
  declare school_id: string | null;
  declare provider_id: string | null;
  declare requester_id: string | null;
  /** Of people without an account. */
  declare requester_email: string;
  declare requester_name: string;
  declare owner_id: string | null;
  /** With whom it is: the pupil's teacher, the school's ICT coordinator, the portal's helpdesk, or the provider. */
  declare line: 'teacher' | 'school' | 'portal' | 'provider';
  declare state: TicketState;
  /** 1 (urgent) to 4 (can wait). */
  declare priority: number;
  declare subject: string;
  declare channel: 'portal' | 'form' | 'mail';
  /** Key of the tool's registration. */
  declare tool_key: string | null;
  declare device: string;
  declare labels: string[];
  declare outage_id: string | null;
  declare merged_into: string | null;
  /** Who wrote last. */
  declare last_by: 'requester' | 'agent' | 'provider' | 'portal';
  declare last_at: Date;
  /** Number of messages and notes, without those of side conversations. */
  declare messages: number;
  declare attachments: number;
  /** How often it was solved: a survey is about one solution. */
  declare solved_times: number;
  /** First public answer of the helpdesk. */
  declare answered_at: Date | null;
  declare solved_at: Date | null;
  declare closed_at: Date | null;
  declare first_due_at: Date | null;
  declare solve_due_at: Date | null;
  /** The earlier of both; null while no clock runs. */
  declare due_at: Date | null;
  declare warned_at: Date | null;
  declare escalated_at: Date | null;
  declare created_at: Date;
  declare updated_at: Date;
  declare messageRows?: TicketMessage[];
  declare participants?: TicketParticipant[];
  declare steps?: TicketStep[];
  declare sides?: TicketSide[];
}

/** What somebody wrote: for all who take part, a note for helpers only, or a message of a side conversation. */
export class TicketMessage extends Model implements Tenants {
  static override tableName = 'ticket_messages';
  declare id: string;
  declare ticket_id: string;
  declare side_id: string | null;
  declare school_id: string | null;
  declare provider_id: string | null;
  declare author_id: string | null;
  declare author_email: string;
  declare author_name: string;
  declare part: 'requester' | 'agent' | 'provider' | 'portal';
  declare kind: 'public' | 'note' | 'side';
  declare channel: 'portal' | 'form' | 'mail';
  declare mail_id: string | null;
  /** Number of the ticket from which it came, by merging or splitting. */
  declare from_number: string | null;
  declare automatic: boolean;
  declare text: string;
  declare created_at: Date;
  declare updated_at: Date;
}

/** Somebody else who takes part: a colleague, or an address. */
export class TicketParticipant extends Model implements Tenants {
  static override tableName = 'ticket_participants';
  declare id: string;
  declare ticket_id: string;
  declare school_id: string | null;
  declare provider_id: string | null;
  declare person_id: string | null;
  declare email: string;
  /** Whether they want the messages by e-mail. */
  declare by_mail: boolean;
}

/** Something that happened to a ticket. Rows are never changed. */
export class TicketStep extends Model implements Tenants {
  static override tableName = 'ticket_steps';
  declare id: string;
  declare ticket_id: string;
  declare school_id: string | null;
  declare provider_id: string | null;
  declare action: string;
  declare state: TicketState;
  declare part: string;
  declare by_id: string | null;
  declare detail: string;
  declare at: Date;
}

/** One step of a launch: no token, no name, no address. */
export interface TraceLine {
  at: string;
  step: string;
  outcome: string;
  text: string;
  code: string;
}

/** A conversation with a provider about a ticket, which sees nothing else of it. */
export class TicketSide extends Model implements Tenants {
  static override tableName = 'ticket_sides';
  declare id: string;
  declare ticket_id: string;
  declare school_id: string | null;
  declare provider_id: string | null;
  declare number: string;
  declare subject: string;
  /** The trace that went out with it. */
  declare lines: TraceLine[] | null;
  declare state: 'open' | 'closed';
  declare by_id: string | null;
  declare created_at: Date;
  declare updated_at: Date;
}

/** A stretch of a clock: it runs, pauses or has stopped from `at` until the next row of the same clock. Rows are never changed. */
export class TicketSegment extends Model implements Tenants {
  static override tableName = 'ticket_segments';
  declare id: string;
  declare ticket_id: string;
  declare school_id: string | null;
  declare provider_id: string | null;
  /** To the first answer, or to the solution. */
  declare clock: 'first' | 'solve';
  declare state: 'run' | 'pause' | 'stop';
  /** The version of the service level by whose hours it is counted. */
  declare level_id: string;
  declare target_minutes: number;
  declare at: Date;
}

/** A version of what a line promises: opening hours and times. A change makes another row, so that older counts stay as they were. */
export class ServiceLevel extends Model {
  static override tableName = 'service_levels';
  declare id: string;
  declare line: 'school' | 'portal' | 'provider';
  /** IANA name. */
  declare zone: string;
  /** For each day of the week, from Monday: openings as [from, to] in minutes since midnight; 1440 is the end of the day. */
  declare hours: [number, number][][];
  declare legal_holidays: boolean;
  /** Closed on days without lessons at the school of the ticket. */
  declare school_holidays: boolean;
  /** Minutes to the first answer, by priority from urgent. */
  declare first_minutes: number[];
  /** Minutes to the solution. */
  declare solve_minutes: number[];
  declare replaced_at: Date | null;
}

export const models = { ServiceLevel, Ticket, TicketMessage, TicketParticipant, TicketSegment, TicketSide, TicketStep };
