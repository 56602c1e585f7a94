import { clientFor } from '@ilearn/ui';
import type { routes } from './notes/routes.js';

/** What pages, ours and other plugins', ask of this plugin's routes. */
export const client = clientFor<typeof routes>('sample');
