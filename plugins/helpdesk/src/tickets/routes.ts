import { askRoutes } from './ask-routes.js';
import { deskRoutes } from './desk-routes.js';
import { queueRoutes } from './queue-routes.js';
import { ticketRoutes } from './ticket-routes.js';

export const ticketsRoutes = [...askRoutes, ...ticketRoutes, ...queueRoutes, ...deskRoutes];
