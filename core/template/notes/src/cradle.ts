import type { KernelCradle } from '@ilearn/core';
import type { payloads } from './jobs.js';
import type { NoteService } from './notes/note-service.js';

/**
 * What services, routes and jobs of this plugin get by name: the kernel's services, for this configuration and these jobs, and their own.
 */
export interface Cradle extends KernelCradle<{ keepDays: number }, { jobs: typeof payloads }> {
  notes: NoteService;
}
