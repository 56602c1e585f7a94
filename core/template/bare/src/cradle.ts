import type { KernelCradle } from '@ilearn/core';

/** What services and routes of this plugin get by name: the kernel's services, until it has its own. */
export interface Cradle extends KernelCradle {}
