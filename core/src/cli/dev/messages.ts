import type { Diagnosis } from '../../foundation/diagnosis.js';

/** What the supervisor of `ilearn dev` tells the process of the portal. */
export type ToPortal = { kind: 'start'; root: string } | { kind: 'sign-in'; role: string } | { kind: 'stop' };

/** What the process of the portal answers. */
export type FromPortal =
  /** The kernel is imported; a start takes only what depends on the portal. */
  | { kind: 'warm' }
  /** `faults`: plugins that are out of service. */
  | { kind: 'ready'; port: number; faults: Problem[]; page: string; roles: string[] }
  | { kind: 'failed'; message: string }
  | { kind: 'signed-in'; cookie: string };

/** A fault as terminal and browser show it. */
export interface Problem extends Partial<Diagnosis> {
  /** File relative to the package, or what is at fault: `src/routes.ts:12:5`, `notice-board › start`. */
  where: string;
  message: string;
}
