import type { TableDeclaration } from '@ilearn/core';

const shared = { tenant: { none: 'Articles are the same for every school; their audience is checked by the reader.' } };

export const knowledgeTables: Record<string, TableDeclaration> = {
  articles: shared,
  article_revisions: {
    ...shared,
    people: { author_id: 'author', reviewer_id: 'author' },
    keep: 'P10Y',
    erase: 'anonymise',
    purpose: 'support',
    use: 'knowing whom to ask about a text of the helpdesk',
  },
  article_votes: { tenant: { none: 'Numbers by month; nobody is named.' } },
  article_pictures: shared,
  unanswered_searches: {
    tenant: { none: 'Words that were searched without result, and how often; not by whom.' },
    keep: { for: 'P90D', since: 'last_at' },
  },
};
