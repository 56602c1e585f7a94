import type { TableDeclaration } from '@ilearn/core';

/** Declares every table of this plugin. */
export const tables: Record<string, TableDeclaration> = {
  paths: {
    school: { column: 'school_id', nullMeansShared: true },
    people: { owner_id: 'author' },
    keep: 'P5Y',
    erase: 'anonymise',
    purpose: 'Composing learning paths',
  },
  steps: { school: { column: 'school_id', nullMeansShared: true } },
  assignments: {
    school: 'school_id',
    people: { assigned_by: 'author' },
    keep: 'P2Y',
    erase: 'anonymise',
    purpose: 'Giving learning paths to pupils',
  },
  assignment_pupils: {
    school: 'school_id',
    people: { pupil_id: 'subject' },
    keep: 'P2Y',
    erase: 'delete',
    purpose: 'Giving learning paths to pupils',
  },
  results: {
    school: 'school_id',
    people: { pupil_id: 'subject' },
    keep: 'P1Y',
    erase: 'delete',
    purpose: 'Following what a pupil has done',
  },
  attempts: {
    school: 'school_id',
    people: { pupil_id: 'subject' },
    keep: 'P1Y',
    erase: 'delete',
    purpose: 'Following what a pupil has done',
  },
};
