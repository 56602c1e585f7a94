import { clientFor } from '@ilearn/ui';
import type { mailRoutes } from './routes.js';

/** Typed client of the routes of mail. */
export const mailClient = clientFor<typeof mailRoutes>('helpdesk');
