import { definePlugin } from '@ilearn/core';
import { DiaryService } from './diary/diary-service.js';
import { live } from './diary/live.js';
import { models } from './diary/models.js';
import { diaryRoutes } from './diary/routes.js';
import { events } from './events.js';
import type { AgendaExports, AgendaSlots } from './exports.js';
import { files } from './files.js';
import { loadCommand } from './load/command.js';
import { LoadService } from './load/load-service.js';
import { photoRoutes } from './photos/routes.js';
import { jobs, on } from './reminders/jobs.js';
import { notificationKinds } from './reminders/notification-kinds.js';
import { ReminderService } from './reminders/reminder-service.js';
import { findHomework, searchSources } from './search/homework-search.js';
import { settings } from './settings.js';
import { migrations, tables } from './tables.js';

export type * from './exports.js';

const permissions = {
  'homework:read': ['pupil', 'teacher'],
  'homework:give': ['teacher'],
  'homework:tick': ['pupil'],
};

/** What other plugins may use of this one, for the compiler; `definePlugin` checks that it is so. */
declare module '@ilearn/core' {
  interface PluginRegistry {
    agenda: { events: typeof events; permissions: keyof typeof permissions; exports: AgendaExports; slots: AgendaSlots };
  }
}

/** The table of contents: whoever opens this file knows what the plugin adds to a portal. */
export default definePlugin({
  id: 'agenda',
  version: '0.1.0',
  requires: { directory: '^0.1.0' },
  optional: { library: '^0.1.0', notifications: '^0.1.0', search: '^0.1.0' },
  permissions,
  scopes: { 'homework:read': 'scopes.homeworkRead' },
  settings,
  tables,
  files,
  models,
  migrations,
  services: { diary: DiaryService, load: LoadService, reminders: ReminderService },
  exports: { services: ['load'] },
  routes: [...diaryRoutes, ...photoRoutes, findHomework],
  events,
  on,
  jobs,
  live,
  commands: [loadCommand],
  contributes: {
    'notifications.kinds': notificationKinds,
    'search.sources': searchSources,
    'library.tools': [
      {
        key: 'agenda',
        name: 'Schoolagenda',
        provider: 'i-Learn',
        activities: [
          { key: 'week', kind: 'link', title: 'Mijn schoolagenda', description: 'Het huiswerk van deze week.', url: '/agenda' },
        ],
      },
    ],
  },
  ui: {
    entry: new URL('./ui/index.js', import.meta.url),
    messages: new URL('../messages/', import.meta.url),
    pages: [
      {
        path: '/agenda',
        tag: 'agenda-week-page',
        title: 'week.title',
        permission: 'homework:read',
        nav: { icon: 'notebook-pen', order: 15 },
      },
      { path: '/agenda/:classId', tag: 'agenda-week-page', title: 'week.title', permission: 'homework:read' },
    ],
    slots: [{ slot: 'directory.class', tag: 'agenda-class-link', permission: 'homework:read' }],
  },
});
