import type {} from '@ilearn/plugin-search';
import { findMyPaths, findPaths } from './routes.js';

const messages = new URL('../../messages/', import.meta.url);

/** Contributions to `search.sources`. */
export const searchSources = [
  { kind: 'paths', messages, label: 'find.paths', icon: 'route', order: 30, route: findPaths },
  { kind: 'my-paths', messages, label: 'find.myPaths', icon: 'route', order: 30, route: findMyPaths },
];

/** Contributions to `search.commands`. */
export const commands = [
  {
    kind: 'new-path',
    messages,
    label: 'find.newPath',
    words: 'find.newPathWords',
    icon: 'route',
    permission: 'path:write',
    place: '/paden?nieuw',
    order: 20,
  },
];

/** Contributions to `search.shortcuts`. */
export const shortcuts = [
  { label: 'find.keys.undo', keys: ['Control', 'z'], page: '/paden/:id', permission: 'path:write' },
  { label: 'find.keys.redo', keys: ['Control', 'Shift', 'z'], page: '/paden/:id', permission: 'path:write' },
  { label: 'find.keys.cell', keys: ['ArrowDown'], page: '/opvolging/:assignmentId', permission: 'progress:read' },
  { label: 'find.keys.first', keys: ['Control', 'Home'], page: '/opvolging/:assignmentId', permission: 'progress:read' },
].map((shortcut, order) => ({ messages, order, ...shortcut }));
