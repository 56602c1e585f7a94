import type { KernelCradle, MayUse, Models, Uses } from '@ilearn/core';
import type {} from '@ilearn/plugin-directory';
import type {} from '@ilearn/plugin-library';
import type {} from '@ilearn/plugin-notifications';
import type { DiaryService } from './diary/diary-service.js';
import type { topics } from './diary/live.js';
import type { models } from './diary/models.js';
import type { events } from './events.js';
import type { files } from './files.js';
import type { LoadService } from './load/load-service.js';
import type { payloads } from './reminders/payloads.js';
import type { ReminderService } from './reminders/reminder-service.js';
import type { settings } from './settings.js';

interface Own {
  events: typeof events;
  jobs: typeof payloads;
  live: typeof topics;
  files: typeof files;
  settings: typeof settings;
}

/** Everything that services, routes and jobs of this plugin get by name. */
export interface Cradle extends KernelCradle<unknown, Own>, Models<typeof models>, Uses<'directory'>, MayUse<'notifications'> {
  diary: DiaryService;
  load: LoadService;
  reminders: ReminderService;
}
