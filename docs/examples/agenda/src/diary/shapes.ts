import { z } from 'zod';

/** A class may have so many tasks a day; `give` keeps to it, so every answer has a bound. */
export const mostTasksADay = 15;
export const mostTasksAWeek = 7 * mostTasksADay;

export const schoolClass = z.object({ id: z.uuid(), school: z.uuid(), name: z.string() });

export const task = z.object({
  id: z.uuid(),
  subject: z.string(),
  title: z.string(),
  details: z.string(),
  dueOn: z.iso.date(),
  minutes: z.int(),
  /** Name of the teacher; null if erased, and for readers to whom the directory does not show it, such as pupils. */
  teacher: z.string().nullable(),
  photos: z.array(z.uuid()).max(10),
  /** Whether the reader has ticked it off. */
  done: z.boolean(),
  /** How many pupils have; null for pupils. */
  ticked: z.int().nullable(),
});
export type Task = z.input<typeof task>;

/** The fields of a form, which are texts. */
export const newTask = z.strictObject({
  subject: z.string().trim().min(1).max(60),
  title: z.string().trim().min(1).max(120),
  details: z.string().trim().max(2_000).default(''),
  dueOn: z.iso.date(),
  minutes: z.coerce.number().int().min(0).max(600),
});
export type NewTask = z.output<typeof newTask>;
