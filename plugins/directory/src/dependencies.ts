import type { KernelCradle, PrivilegedCradle } from '@ilearn/core';
import type { events } from './events.js';

/** What the kernel gives to each of the directory's services. */
export interface Dependencies
  extends KernelCradle<unknown, { events: typeof events }>,
    Pick<PrivilegedCradle, 'access' | 'actAs'> {}
