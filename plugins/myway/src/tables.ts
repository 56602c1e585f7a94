import type { TableDeclaration } from '@ilearn/core';

/** Declares every table of this plugin. */
export const tables: Record<string, TableDeclaration> = {
  paths: {
    tenant: { column: 'school_id', nullMeansShared: true },
    people: { owner_id: 'author' },
    keep: 'P5Y',
    erase: 'anonymise',
    purpose: 'Composing learning paths',
  },
  steps: { tenant: { column: 'school_id', nullMeansShared: true } },
  assignments: {
    tenant: 'school_id',
    people: { assigned_by: 'author' },
    keep: 'P2Y',
    erase: 'anonymise',
    purpose: 'Giving learning paths to pupils',
  },
  assignment_pupils: {
    tenant: 'school_id',
    people: { pupil_id: 'subject' },
    keep: 'P2Y',
    erase: 'delete',
    purpose: 'Giving learning paths to pupils',
  },
  results: {
    tenant: 'school_id',
    people: { pupil_id: 'subject' },
    keep: 'P1Y',
    erase: 'delete',
    purpose: 'Following what a pupil has done',
  },
  attempts: {
    tenant: 'school_id',
    people: { pupil_id: 'subject' },
    keep: 'P1Y',
    erase: 'delete',
    purpose: 'Following what a pupil has done',
  },
  replacements: {
    tenant: 'school_id',
    people: { replaced_by: 'author' },
    keep: 'P1Y',
    erase: 'anonymise',
    purpose: 'Undoing the replacement of an activity in paths',
  },
  replaced_steps: { tenant: 'school_id' },
  extra_steps: {
    tenant: 'school_id',
    people: { pupil_id: 'subject' },
    keep: 'P2Y',
    erase: 'delete',
    purpose: 'Giving learning paths to pupils',
  },
  messages: {
    tenant: 'school_id',
    people: { pupil_id: 'subject', sender_id: 'author' },
    keep: 'P1Y',
    erase: { pupil_id: 'delete', sender_id: 'anonymise' },
    purpose: 'Telling a pupil something about a path',
  },
};
