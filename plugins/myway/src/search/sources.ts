import type {} from '@ilearn/plugin-search';
import { findMyPaths, findPaths } from './routes.js';

const messages = new URL('../../messages/', import.meta.url);

/** Contributions to `search.sources`. */
export const searchSources = [
  { kind: 'paths', messages, label: 'find.paths', icon: 'route', order: 30, route: findPaths },
  { kind: 'my-paths', messages, label: 'find.myPaths', icon: 'route', order: 30, route: findMyPaths },
];
