/** The questions of an assessment (GDPR art. 35(7)), in order. */
export const questions = [
  ...(['description', 'people', 'necessity', 'retention', 'recipients', 'transfers', 'special', 'rights'] as const),
  ...(['decisions', 'measures', 'risks', 'advice'] as const),
];
export type Question = (typeof questions)[number];

/** What people wrote, by question; a question without an answer is left out. */
export type Answers = Partial<Record<Question, string>>;
