import type { TableDeclaration } from '@ilearn/core';

const between = { sees: ['school_id', 'provider_id'], writes: ['school_id', 'provider_id'] };
const provider_name = 'the name of an organisation';

export const tables: Record<string, TableDeclaration> = {
  trainings: { tenant: 'provider_id', notPeople: { provider_name } },
  events: {
    tenant: 'provider_id',
    people: { trainer_ids: 'contact' },
    keep: 'P10Y',
    erase: 'anonymise',
    purpose: 'telling participants who gives a training',
  },
  sessions: { tenant: 'provider_id' },
  enrolments: {
    tenant: between,
    people: { person_id: 'subject', reserved_by: 'author' },
    keep: 'P5Y',
    erase: { person_id: 'delete', reserved_by: 'anonymise' },
    purpose: 'keeping a seat in a training, and knowing who attended it',
  },
  enrolment_states: {
    tenant: between,
    people: { by_id: 'author' },
    keep: { with: 'enrolments' },
    erase: 'anonymise',
    purpose: 'showing whoever waits why their sign-up is in its state',
  },
  calendar_feeds: {
    tenant: { none: 'A calendar feed is of a person, who may work in several schools.' },
    people: { person_id: 'subject' },
    keep: 'P3Y',
    erase: 'delete',
    withheld: { secret_hash: 'it is the key to the feed' },
    purpose: 'showing a person’s trainings in a calendar program of their choice',
  },
  interests: {
    tenant: { none: 'Interests are of a person, who may work in several schools.' },
    people: { person_id: 'subject' },
    keep: 'P3Y',
    erase: 'delete',
    purpose: 'suggesting trainings about what a person chose',
  },
  coachings: {
    tenant: between,
    people: { requester_id: 'subject', coach_id: 'contact', stand_in_id: 'contact' },
    keep: 'P5Y',
    erase: 'anonymise',
    clear: ['goal'],
    purpose: 'helping a school with a coach, and paying the hours that were given',
  },
  coaching_states: {
    tenant: between,
    people: { by_id: 'author' },
    keep: { with: 'coachings' },
    erase: 'anonymise',
    purpose: 'showing both sides how a coaching went',
  },
  coaching_entries: {
    tenant: between,
    people: { by_id: 'author' },
    keep: { with: 'coachings' },
    erase: 'anonymise',
    clear: ['note'],
    purpose: 'knowing which hours of coaching both sides confirmed',
  },
  coaching_notes: {
    tenant: 'provider_id',
    people: { author_id: 'author' },
    keep: { with: 'coaching_entries' },
    erase: 'delete',
    purpose: 'letting a coach remember what only they need to know',
  },
  coaching_reports: {
    tenant: between,
    people: { author_id: 'author' },
    keep: { with: 'coachings' },
    erase: 'anonymise',
    clear: ['text'],
    purpose: 'telling the school what the coaching brought',
  },
  certificates: {
    tenant: { sees: ['school_id', 'provider_id'], writes: ['provider_id'] },
    people: { holder_id: 'subject' },
    notPeople: { provider_name },
    keep: { for: 'P10Y', since: 'issued_at' },
    erase: 'anonymise',
    clear: ['holder_name', 'jwt', 'document'],
    purpose: 'proving that somebody followed a training, and saying for whoever has the number whether the certificate holds',
  },
  certificate_keys: {
    tenant: { none: 'The portal signs certificates for all providers.' },
    notPeople: { public_jwk: 'a public key of the portal' },
  },
  evaluations: { tenant: 'provider_id' },
};
