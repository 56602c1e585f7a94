import type { Dependencies } from './dependencies.js';
import type { Doors } from './doors/doors.js';

/** The services that routes can resolve. */
export interface Cradle extends Dependencies {
  doors: Doors;
}
