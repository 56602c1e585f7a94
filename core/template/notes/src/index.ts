import { definePlugin } from '@ilearn/core';
import { z } from 'zod';
import { jobs } from './jobs.js';
import { NoteService } from './notes/note-service.js';
import { routes } from './notes/routes.js';
import { migrations, tables } from './notes/tables.js';

const permissions = { 'note:read': ['pupil', 'teacher'], 'note:write': ['teacher'] };

/** What other plugins may use of this one, for the compiler; `definePlugin` checks that it is so. */
declare module '@ilearn/core' {
  interface PluginRegistry {
    sample: { permissions: keyof typeof permissions };
  }
}

/** The table of contents: whoever opens this file knows what the plugin adds to a portal. */
export default definePlugin({
  id: 'sample',
  version: '0.1.0',
  config: z.strictObject({ keepDays: z.int().positive().default(365) }),
  permissions,
  scopes: { 'notes:read': 'scopes.notesRead' },
  purposes: { 'school-life': { controller: 'tenant', basis: 'public-task', recipients: ['users'] } },
  tables,
  migrations,
  services: { notes: NoteService },
  routes,
  jobs,
  ui: {
    entry: new URL('./ui/index.js', import.meta.url),
    messages: new URL('../messages/', import.meta.url),
    pages: [
      {
        path: '/sample',
        tag: 'sample-notes-page',
        title: 'notes.title',
        permission: 'note:read',
        nav: { icon: 'inbox', order: 50 },
      },
    ],
  },
});
