import type {} from '@ilearn/plugin-search';
import { findActivities } from './routes.js';

/** Contributions to `search.sources`. */
export const searchSources = [
  {
    kind: 'activities',
    messages: new URL('../../messages/', import.meta.url),
    label: 'find.activities',
    icon: 'library',
    order: 40,
    route: findActivities,
  },
];
