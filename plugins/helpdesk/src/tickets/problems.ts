import { conflict, type Problem } from '@ilearn/core';

/** Why something cannot be done with a ticket. Each type has a text in the messages (`tickets.problems.<slug>`). */
const details = {
  'not-now': 'The ticket is in another state by now, in which this cannot be done. Look at it again.',
  'merged-target': 'A ticket cannot be merged with itself, nor with one that was merged.',
  'other-school': 'Both tickets must be of the same school. Link them instead.',
  'not-of-school': 'This person does not work at the school of the ticket.',
  'newer-message': 'A message has come since you read the ticket. Read it, then send yours.',
  'pupils-ask-teacher': 'Pupils of this school ask their teacher.',
  'survey-answered': 'The question about this solution was already answered.',
} as const;

export type ProblemSlug = keyof typeof details;

export const refused = (slug: ProblemSlug): Problem => conflict(`helpdesk/${slug}`, details[slug]);
