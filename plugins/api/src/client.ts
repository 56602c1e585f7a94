import { clientFor } from '@ilearn/ui';
import type { approvalRoutes } from './apps/approval-routes.js';
import type { appRoutes } from './developer/routes.js';
import type { grantRoutes } from './grants/routes.js';
import type { referenceRoutes } from './reference/routes.js';
import type { webhookRoutes } from './webhooks/routes.js';

/** Typed client of this plugin's routes, for pages of this and other plugins. */
export const apps = clientFor<
  typeof approvalRoutes | typeof appRoutes | typeof grantRoutes | typeof referenceRoutes | typeof webhookRoutes
>('api');
