import type { KernelCradle, PrivilegedCradle } from '@ilearn/core';

/** What the kernel gives to each of the directory's services. */
export interface Dependencies extends KernelCradle, Pick<PrivilegedCradle, 'access' | 'actAs'> {}
