import type { KernelCradle, PrivilegedCradle } from '@ilearn/core';
import type { events } from './events.js';

/** The kernel's services that the directory's services use. */
export interface Dependencies
  extends KernelCradle<unknown, { events: typeof events }>,
    Pick<PrivilegedCradle, 'access' | 'actAs' | 'tenants'> {}
