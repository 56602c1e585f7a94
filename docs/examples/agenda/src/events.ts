import { z } from 'zod';

/** Payloads hold ids and days only; who handles an event asks for the rest. */
export const events = {
  'homework-given': z.object({ homework: z.uuid(), school: z.uuid(), classId: z.uuid(), dueOn: z.iso.date() }),
};
