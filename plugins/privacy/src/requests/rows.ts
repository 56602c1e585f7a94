import type { RequestKind, RequestState } from './states.js';

/** A row of `requests`. Days are text, `2026-11-28`. */
export interface RequestRow {
  id: string;
  /** A bigint, read as text. */
  number: string;
  /** Null: the operator answers. */
  school_id: string | null;
  /** Null after the person was erased. */
  person_id: string | null;
  asked_by: 'self' | 'parent' | 'school';
  kind: RequestKind;
  /** Id of a purpose; null: all of them. */
  purpose: string | null;
  state: RequestState;
  language: string;
  details: string;
  asker_name: string;
  asker_contact: string;
  identity_how: string;
  reason: string;
  answer: string;
  field: RectifiedField | null;
  roster_value: string;
  wanted: string;
  /** When a rectification was passed on to the school, whose files have the field. */
  flagged_at: Date | null;
  /** When the school's files were right. */
  corrected_at: Date | null;
  received_on: string;
  /** The day from which the month is counted: that of the request, or on which the identity was shown. */
  counted_from: string;
  due_on: string | null;
  reminders: number;
  closed_at: Date | null;
  created_at: Date;
}

export const rectifiedFields = ['given-name', 'family-name', 'email', 'class', 'other'] as const;
export type RectifiedField = (typeof rectifiedFields)[number];

/** A transition, or what was done because of it: `restricted`, `objected`, `flagged`, `corrected`. */
export interface StepRow {
  id: string;
  action: string;
  /** Ground of a restriction, or id of the purpose that was objected to; otherwise empty. */
  detail: string;
  state: RequestState;
  due_on: string | null;
  by_id: string | null;
  at: Date;
}

export interface LetterRow {
  id: string;
  kind: string;
  language: string;
  text: string;
  made_at: Date;
}
