import type {} from '@ilearn/plugin-search';
import { findClasses, findPeople } from './routes.js';

const messages = new URL('../../messages/', import.meta.url);

/** Contributions to `search.sources`. */
export const searchSources = [
  { kind: 'people', messages, label: 'find.people', icon: 'user', order: 10, route: findPeople },
  { kind: 'classes', messages, label: 'find.classes', icon: 'users', order: 20, route: findClasses },
];
