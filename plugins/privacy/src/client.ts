import { clientFor } from '@ilearn/ui';
import type { erasureRoutes } from './erasures/routes.js';
import type { peopleRoutes } from './people/routes.js';
import type { registerRoutes } from './register/routes.js';

/** What pages, ours and other plugins', ask of this plugin's routes. */
export const privacy = clientFor<typeof erasureRoutes | typeof peopleRoutes | typeof registerRoutes>('privacy');
