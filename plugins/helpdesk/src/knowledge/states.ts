import { conflict } from '@ilearn/core';

export type ArticleState = 'draft' | 'review' | 'published' | 'archived';

/** What writers do with a revision, and from which state to which that leads. */
export const articleActions = {
  submit: { from: 'draft', to: 'review' },
  return: { from: 'review', to: 'draft' },
  publish: { from: 'review', to: 'published' },
  archive: { from: 'published', to: 'archived' },
} as const satisfies Record<string, { from: ArticleState; to: ArticleState }>;

export type ArticleAction = keyof typeof articleActions;
export const articleActionNames = Object.keys(articleActions) as [ArticleAction, ...ArticleAction[]];

/** The state to which the action leads. @throws Problem 409 if it cannot be done in this state */
export function afterAction(state: ArticleState, action: ArticleAction): ArticleState {
  const { from, to } = articleActions[action];
  if (state !== from)
    throw conflict('helpdesk/article-not-now', `${action} is for a revision that is ${from}; this one is ${state}.`);
  return to;
}
