import type { KernelCradle } from '@ilearn/core';
import type { NoteService } from './notes/note-service.js';

/** What services, routes and jobs of this plugin get by name: the kernel's gifts and their own services. */
export interface Cradle extends KernelCradle<{ keepDays: number }> {
  notes: NoteService;
}
