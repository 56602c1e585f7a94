import type { Language } from '@ilearn/core';
import type { EntryState } from './states.js';

export const functions = ['principal', 'ict-coordinator', 'group', 'other'] as const;
/** What the contact does at the school or school group. */
export type ContactFunction = (typeof functions)[number];

/** Schools of one entry. A school group with more makes several entries. */
export const mostSchools = 60;

export interface EntryRow {
  id: string;
  /** A bigint, which the driver reads as text. */
  number: string;
  kind: 'school' | 'group';
  group_name: string | null;
  given_name: string;
  family_name: string;
  email: string;
  function: ContactFunction;
  language: Language;
  remark: string;
  state: EntryState;
  priority: number;
  offer_until: Date | null;
  reason: string | null;
  merged_into: string | null;
  /** The school group that its schools join; null: none, or a new one. */
  group_id: string | null;
  /** Whether a school group with its name is made for them. */
  new_group: boolean;
  person_id: string | null;
  requested_at: Date;
  changed_at: Date;
  kept_until: Date;
}

export const entryColumns = [
  ...['id', 'number', 'kind', 'group_name', 'given_name', 'family_name', 'email', 'function', 'language', 'remark'],
  ...[
    'state',
    'priority',
    'offer_until',
    'reason',
    'merged_into',
    'group_id',
    'new_group',
    'person_id',
    'requested_at',
    'changed_at',
    'kept_until',
  ],
];

export interface EntrySchool {
  /** instellingsnummer */
  number: string;
  name: string;
}
