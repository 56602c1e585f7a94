import type { KernelCradle, PrivilegedCradle } from '@ilearn/core';
import type { events } from './events.js';
import type { points } from './points.js';

/** The kernel's services that the directory's services use. */
export interface Dependencies
  extends KernelCradle<unknown, { events: typeof events; points: typeof points }>,
    Pick<PrivilegedCradle, 'access' | 'actAs' | 'tenants'> {}
