import type { TableDeclaration } from '@ilearn/core';

/** Declares every table of this plugin. */
export const tables: Record<string, TableDeclaration> = {
  paths: {
    tenant: { column: 'school_id', nullMeansShared: true },
    people: { owner_id: 'author' },
    keep: 'P5Y',
    erase: 'anonymise',
    purpose: 'Composing learning paths',
    notPeople: { blocks: 'choices and branches of the path' },
  },
  steps: {
    tenant: { column: 'school_id', nullMeansShared: true },
    notPeople: { content: 'a task or questions, as a teacher wrote them', after: 'ids of steps' },
  },
  path_versions: {
    tenant: { column: 'school_id', nullMeansShared: true },
    people: { saved_by: 'author' },
    keep: 'P1Y',
    erase: 'anonymise',
    purpose: 'Composing learning paths',
    notPeople: { content: 'the steps of a path, as a teacher wrote them' },
  },
  path_presence: {
    tenant: { column: 'school_id', nullMeansShared: true },
    people: { person_id: 'subject' },
    keep: 'P1D',
    erase: 'delete',
    purpose: 'Showing colleagues who works on a path',
  },
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
  branch_choices: {
    tenant: 'school_id',
    people: { pupil_id: 'subject' },
    keep: 'P1Y',
    erase: 'delete',
    purpose: 'Giving a pupil the way through a path that fits',
  },
  handed_in: {
    tenant: 'school_id',
    people: { pupil_id: 'subject' },
    keep: 'P1Y',
    erase: 'delete',
    purpose: 'Handing in work and answering it',
  },
  handed_in_files: {
    tenant: 'school_id',
    people: { pupil_id: 'subject' },
    keep: 'P1Y',
    erase: 'delete',
    purpose: 'Handing in work and answering it',
  },
};

/** Files of this plugin. */
export const files = {
  work: {
    tenant: 'school_id',
    people: { pupil_id: 'subject' },
    keep: 'P1Y',
    erase: 'delete',
    purpose: 'Handing in work and answering it',
    types: [
      'application/pdf',
      'image/jpeg',
      'image/png',
      'image/webp',
      'text/plain',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      'application/vnd.oasis.opendocument.text',
      'audio/mpeg',
    ],
    maxBytes: 20 * 1024 * 1024,
  },
} as const;
