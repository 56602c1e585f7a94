import type {} from '@ilearn/plugin-search';
import { findTrainings } from './routes.js';

/** Contributions to `search.sources`. */
export const searchSources = [
  {
    kind: 'trainings',
    messages: new URL('../../messages/', import.meta.url),
    label: 'find.trainings',
    icon: 'graduation-cap',
    order: 50,
    route: findTrainings,
  },
];
