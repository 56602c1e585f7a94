import { Model } from 'objection';
import type { CoachingState } from './coaching/states.js';
import type { EnrolmentState } from './states.js';

/** A training that a provider gives; its events have the dates. */
export class Training extends Model {
  static override tableName = 'trainings';
  static override relationMappings = () => ({
    events: { relation: Model.HasManyRelation, modelClass: Event, join: { from: 'trainings.id', to: 'events.training_id' } },
  });
  declare id: string;
  declare provider_id: string;
  declare provider_name: string;
  declare title: string;
  declare story: string;
  declare goals: string;
  /** Names of the programs that it is about. */
  declare tools: string[];
  /** Didactic foci. */
  declare foci: string[];
  /** Roles for which it is meant. */
  declare audience: string[];
  declare levels: string[];
  declare minutes: number | null;
  declare language: string;
  /** In words: providers ask different things. */
  declare cost: string;
  declare certificate: 'none' | 'attended' | 'all-sessions';
  declare state: 'draft' | 'published' | 'archived';
  declare for_all: boolean;
  declare school_ids: string[];
  /** School groups for all of whose schools it is published too. */
  declare group_ids: string[];
  /** A path of MyWay that people follow in their own time; null: it has dated events only. */
  declare path_id: string | null;
  declare updated_at: Date;
  declare events?: Event[];
}

/** One time that a training is given; without sessions, an interest list. */
export class Event extends Model {
  static override tableName = 'events';
  static override relationMappings = () => ({
    training: {
      relation: Model.BelongsToOneRelation,
      modelClass: Training,
      join: { from: 'events.training_id', to: 'trainings.id' },
    },
    sessions: { relation: Model.HasManyRelation, modelClass: Session, join: { from: 'events.id', to: 'sessions.event_id' } },
    enrolments: {
      relation: Model.HasManyRelation,
      modelClass: Enrolment,
      join: { from: 'events.id', to: 'enrolments.event_id' },
    },
  });
  declare id: string;
  declare training_id: string;
  declare provider_id: string;
  declare state: 'planned' | 'cancelled';
  declare capacity: number;
  declare minimum: number;
  declare waiting_list: boolean;
  /** What a free seat does: `book` the next in the queue, or `offer` it until a deadline. */
  declare promotion: 'book' | 'offer';
  declare offer_hours: number;
  /** Who approves: nobody, the principal, or the principal and then the provider. */
  declare approval: 'none' | 'principal' | 'provider';
  declare opens_at: Date | null;
  declare closes_at: Date | null;
  /** Until when people may cancel themselves; null: until the start. */
  declare cancel_by: Date | null;
  /** A province, or `online`. */
  declare region: string;
  declare trainer_ids: string[];
  /** Start of the first session; null without sessions. */
  declare starts_at: Date | null;
  declare ends_at: Date | null;
  declare reason: string;
  /** Without dates: people follow the path of the training in their own time. One at most for each training. */
  declare self_paced: boolean;
  declare updated_at: Date;
  declare training?: Training;
  declare sessions?: Session[];
  declare enrolments?: Enrolment[];
}

/** A part of an event. `day`, `starts` and `ends` are what the clock shows in `zone`; `starts_at` and `ends_at` follow from them. */
export class Session extends Model {
  static override tableName = 'sessions';
  declare id: string;
  declare event_id: string;
  declare provider_id: string;
  /** `2027-03-29` */
  declare day: string;
  /** `14:00:00` */
  declare starts: string;
  declare ends: string;
  /** IANA name. */
  declare zone: string;
  declare room: string;
  declare link: string;
  /** SEQUENCE of the calendar entry (RFC 5545 section 3.8.7.4): how often it was changed. */
  declare sequence: number;
  declare changed_at: Date;
  declare starts_at: Date;
  declare ends_at: Date;
  /** Taken out of the event; kept for the calendars that have it. */
  declare cancelled: boolean;
}

/** A sign-up: of a person, or a seat that is named later. */
export class Enrolment extends Model {
  static override tableName = 'enrolments';
  static override relationMappings = () => ({
    history: {
      relation: Model.HasManyRelation,
      modelClass: EnrolmentStep,
      join: { from: 'enrolments.id', to: 'enrolment_states.enrolment_id' },
    },
  });
  declare id: string;
  declare event_id: string;
  declare school_id: string;
  declare provider_id: string;
  /** Null: a seat that is named later. */
  declare person_id: string | null;
  declare reserved_by: string | null;
  declare state: EnrolmentState;
  /** Place in the queue of the event, ascending; kept after it was left. */
  declare queue_no: string | null;
  declare offered_until: Date | null;
  declare offers_missed: number;
  declare reason: string;
  /** Cancelled after `cancel_by`. */
  declare late: boolean;
  declare evaluated: boolean;
  /** Sessions at which the person was seen, and missed; the mark of the event decides. */
  declare present_in: string[];
  declare absent_from: string[];
  /** The last day on which the person was reminded of a session. */
  declare reminded_on: string | null;
  declare created_at: Date;
  declare updated_at: Date;
  declare history?: EnrolmentStep[];
}

/** One transition of a sign-up; rows are only added. */
export class EnrolmentStep extends Model {
  static override tableName = 'enrolment_states';
  declare id: string;
  declare enrolment_id: string;
  declare school_id: string;
  declare provider_id: string;
  declare action: string;
  declare state: EnrolmentState;
  declare by_id: string | null;
  declare reason: string;
  declare at: Date;
}

/** Help of a coach with one goal, from the request to the report. */
export class Coaching extends Model {
  static override tableName = 'coachings';
  static override relationMappings = () => ({
    entries: {
      relation: Model.HasManyRelation,
      modelClass: CoachingEntry,
      join: { from: 'coachings.id', to: 'coaching_entries.coaching_id' },
    },
  });
  declare id: string;
  declare school_id: string;
  declare provider_id: string;
  declare requester_id: string | null;
  declare coach_id: string | null;
  /** A coach who stands in: sees only what they wrote themselves. */
  declare stand_in_id: string | null;
  declare goal: string;
  declare tool: string;
  declare wished_minutes: number;
  /** Null until a coach is proposed. */
  declare agreed_minutes: number | null;
  /** Other hours that one side has proposed. */
  declare amended_minutes: number | null;
  declare amended_by: 'school' | 'provider' | null;
  declare state: CoachingState;
  declare reason: string;
  declare reminded_at: Date | null;
  declare created_at: Date;
  declare updated_at: Date;
}

/** Time that was spent on a coaching. */
export class CoachingEntry extends Model {
  static override tableName = 'coaching_entries';
  declare id: string;
  declare coaching_id: string;
  declare school_id: string;
  declare provider_id: string;
  declare day: string;
  /** Less than 0: takes another entry back. */
  declare minutes: number;
  declare kind: string;
  declare note: string;
  declare by_id: string | null;
  /** When the coach, and the school, confirmed it; null: not yet. */
  declare coach_at: Date | null;
  declare school_at: Date | null;
  declare reverses_id: string | null;
  declare created_at: Date;
  declare updated_at: Date;
}

/** What a certificate said when it was issued. Only its revocation is added later. */
export class Certificate extends Model {
  static override tableName = 'certificates';
  declare id: string;
  /** The number under which anyone can check it. */
  declare code: string;
  declare enrolment_id: string | null;
  declare event_id: string;
  declare training_id: string;
  declare school_id: string;
  declare provider_id: string;
  declare holder_id: string | null;
  /** Empty once the person was erased. */
  declare holder_name: string;
  declare title: string;
  declare goals: string;
  declare provider_name: string;
  declare minutes: number | null;
  /** The last day, `2027-03-29`. */
  declare held_on: string;
  declare issued_at: Date;
  declare expires_at: Date | null;
  declare revoked_at: Date | null;
  declare revoked_reason: string;
  declare supersedes_id: string | null;
  declare supersedes_reason: string;
  /** Its bit in the status list. */
  declare status_index: number;
  /** The signed credential as a JWT; empty once the person was erased. */
  declare jwt: string;
  /** The same as JSON with a Data Integrity proof; empty for those that were issued without one, too. */
  declare document: string;
}

export const models = { Training, Event, Session, Enrolment, EnrolmentStep, Coaching, CoachingEntry, Certificate };
