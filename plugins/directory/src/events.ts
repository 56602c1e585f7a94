import { z } from 'zod';
import { groupRemoved } from './classes/group-removed.js';

/** Greatest number of people, classes or enrolments in one event. What changes together beyond that is published in several events. */
export const mostInEvent = 500;

const people = z.object({
  /** Null: somebody of no school, such as a portal administrator. */
  school: z.uuid().nullable(),
  personIds: z.array(z.uuid()).min(1).max(mostInEvent),
});
const classes = z.object({ school: z.uuid(), classIds: z.array(z.uuid()).min(1).max(mostInEvent) });
const enrolment = z.object({ classId: z.uuid(), personId: z.uuid(), role: z.enum(['pupil', 'teacher']) });
const enrolments = z.object({ school: z.uuid(), enrolments: z.array(enrolment).min(1).max(mostInEvent) });

export type Enrolment = z.output<typeof enrolment>;

/** Schema of the payload by event. Payloads hold ids only; docs/oneroster.md tells when each is published. */
export const events = {
  'people-added': people,
  'people-changed': people,
  'people-removed': people,
  'classes-added': classes,
  'classes-changed': classes,
  'classes-removed': classes,
  'enrolments-added': enrolments,
  'enrolments-changed': enrolments,
  'enrolments-removed': enrolments,
  'group-removed': groupRemoved,
};
