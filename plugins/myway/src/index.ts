import { definePlugin } from '@ilearn/core';
import { Catalogue } from './assignments/catalogue.js';
import { endAssignmentsOfGroup } from './assignments/group-removed.js';
import { HistoryImport } from './assignments/history-import.js';
import { notificationKinds } from './assignments/notification-kinds.js';
import { assignmentRoutes } from './assignments/routes.js';
import { Assignments } from './assignments/service.js';
import { classRoutes } from './classes/routes.js';
import { ClassPaths } from './classes/service.js';
import { config } from './config.js';
import { importDwengo } from './dwengo/command.js';
import { DwengoImport } from './dwengo/import.js';
import { events } from './events.js';
import type { MyWayExports, MyWaySlots } from './exports.js';
import { migrations } from './migrations.js';
import { pathRoutes } from './paths/routes.js';
import { PathService } from './paths/service.js';
import { PathShapes } from './paths/shapes.js';
import { live } from './progress/live.js';
import { progressRoutes } from './progress/routes.js';
import { Progress } from './progress/service.js';
import { ToolResultsReader } from './progress/tool-results.js';
import { Tries } from './progress/tries.js';
import { searchRoutes } from './search/routes.js';
import { searchSources } from './search/sources.js';
import { tables } from './tables.js';
import { Milestones } from './trail/milestones.js';
import { Results } from './trail/results.js';
import { trailRoutes } from './trail/routes.js';
import { recordScore } from './trail/scores.js';
import { Trails } from './trail/service.js';

export type * from './exports.js';

const permissions = {
  'path:read': ['teacher', 'ict-coordinator', 'principal'],
  'path:write': ['teacher', 'ict-coordinator'],
  'path:assign': ['teacher'],
  'path:follow': ['pupil'],
  'progress:read': ['teacher'],
};

declare module '@ilearn/core' {
  interface PluginRegistry {
    myway: { events: typeof events; permissions: keyof typeof permissions; exports: MyWayExports; slots: MyWaySlots };
  }
}

/** Learning paths: teachers compose and assign them and follow progress; pupils follow them. */
export default definePlugin({
  id: 'myway',
  version: '0.1.0',
  requires: { directory: '^0.1.0', library: '^0.1.0', lti: '^0.1.0' },
  optional: { notifications: '^0.1.0', search: '^0.1.0' },
  config,
  permissions,
  scopes: { 'paths:read': 'scopes.pathsRead', 'progress:read': 'scopes.progressRead' },
  tables,
  migrations,
  services: {
    paths: Catalogue,
    pathService: PathService,
    pathShapes: PathShapes,
    assignments: Assignments,
    history: HistoryImport,
    trails: Trails,
    milestones: Milestones,
    results: Results,
    tries: Tries,
    progress: Progress,
    toolResults: ToolResultsReader,
    classPaths: ClassPaths,
    dwengo: DwengoImport,
  },
  exports: { services: ['paths', 'history'] },
  events,
  contributes: { 'notifications.kinds': notificationKinds, 'search.sources': searchSources },
  routes: [...pathRoutes, ...assignmentRoutes, ...trailRoutes, ...progressRoutes, ...classRoutes, ...searchRoutes],
  on: { 'lti.score-received': recordScore, 'directory.group-removed': endAssignmentsOfGroup },
  live,
  commands: [importDwengo],
  ui: {
    entry: new URL('./ui/index.js', import.meta.url),
    messages: new URL('../messages/', import.meta.url),
    pages: [
      {
        path: '/paden',
        tag: 'myway-paths-page',
        title: 'paths.title',
        permission: 'path:read',
        nav: { icon: 'route', order: 10 },
      },
      { path: '/paden/:id', tag: 'myway-builder-page', title: 'builder.title', permission: 'path:read' },
      {
        path: '/opvolging',
        tag: 'myway-follow-up-page',
        title: 'followUp.title',
        permission: 'progress:read',
        nav: { icon: 'chart-column', order: 15 },
      },
      {
        path: '/opvolging/:assignmentId',
        tag: 'myway-board-page',
        title: 'board.title',
        permission: 'progress:read',
        density: 'compact',
      },
      {
        path: '/mijn-paden',
        tag: 'myway-my-paths-page',
        title: 'myPaths.title',
        permission: 'path:follow',
        nav: { icon: 'route', order: 10 },
        density: 'kid',
      },
      {
        path: '/mijn-paden/:assignmentId',
        tag: 'myway-trail-page',
        title: 'trail.title',
        permission: 'path:follow',
        density: 'kid',
      },
      {
        path: '/mijn-paden/:assignmentId/stap/:stepId',
        tag: 'myway-step-page',
        title: 'step.title',
        permission: 'path:follow',
        density: 'kid',
      },
    ],
    slots: [
      { slot: 'library.activity-actions', tag: 'myway-add-to-path', permission: 'path:write', order: 10 },
      { slot: 'directory.class', tag: 'myway-give-path', permission: 'path:assign', order: 90 },
      { slot: 'directory.class-content', tag: 'myway-class-lines', permission: 'progress:read', order: 10 },
      { slot: 'directory.class-pupil', tag: 'myway-pupil-status', permission: 'progress:read', order: 10 },
      { slot: 'directory.person-content', tag: 'myway-person-paths', permission: 'progress:read', order: 10 },
    ],
  },
});
