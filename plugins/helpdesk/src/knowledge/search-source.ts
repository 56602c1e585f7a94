import { findArticles } from './reader-routes.js';

/** Articles in the search box. */
export const articleSources = [
  {
    kind: 'articles',
    messages: new URL('../../messages/', import.meta.url),
    label: 'knowledge.searchSource',
    icon: 'book-open',
    order: 70,
    route: findArticles,
  },
];
