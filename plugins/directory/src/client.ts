import { clientFor } from '@ilearn/ui';
import type { classRoutes } from './classes/routes.js';
import type { importRoutes } from './oneroster/routes.js';
import type { peopleRoutes } from './people/routes.js';
import type { schoolRoutes } from './schools/routes.js';

/** What pages, ours and other plugins', ask of this plugin's routes. */
export const directory = clientFor<typeof classRoutes | typeof importRoutes | typeof peopleRoutes | typeof schoolRoutes>(
  'directory',
);
