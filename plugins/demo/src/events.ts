import { z } from 'zod';

export const events = {
  /**
   * The demonstration was made, once in the life of a portal. A plugin that wants to show something in it handles this with
   * `optional: { demo: '^0.1.0' }`, and adds data of its own around `day`.
   */
  made: z.object({
    /** The day around which the demonstration lies, as `2026-11-27`. */
    day: z.iso.date(),
    /** Ids of the schools. */
    schools: z.object({ wegwijzer: z.uuid(), terLinden: z.uuid() }),
    /** Ids of the people with an account, by username. */
    people: z.record(z.string(), z.uuid()),
    /** Whether there are learning paths and results. */
    results: z.boolean(),
  }),
};
