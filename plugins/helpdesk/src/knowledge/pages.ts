import type { PageDocument } from '@ilearn/core';

const permission = 'helpdesk:write-articles';

export const knowledgePages = [
  {
    path: '/helpdesk/artikels',
    tag: 'helpdesk-articles-page',
    title: 'knowledge.desk.title',
    permission,
    nav: { icon: 'book-open', order: 82, section: 'helpdesk' },
  },
  { path: '/helpdesk/artikels/nieuw', tag: 'helpdesk-article-edit-page', title: 'knowledge.edit.newTitle', permission },
  { path: '/helpdesk/artikels/:id', tag: 'helpdesk-article-edit-page', title: 'knowledge.edit.title', permission },
] as const;

export const knowledgeDocuments: PageDocument[] = [
  { path: '/hulp', route: '/reader' },
  { path: '/hulp/:slug', route: '/reader/:slug' },
];
