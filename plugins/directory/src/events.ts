import { z } from 'zod';
import { groupRemoved } from './classes/group-removed.js';

/** Maximum number of people, classes or enrolments in one event. Larger changes are published in several events. */
export const mostInEvent = 500;

const people = z.object({
  /** Null for people of no school, such as portal administrators. */
  school: z.uuid().nullable(),
  personIds: z.array(z.uuid()).min(1).max(mostInEvent),
});
const classes = z.object({ school: z.uuid(), classIds: z.array(z.uuid()).min(1).max(mostInEvent) });
const enrolment = z.object({ classId: z.uuid(), personId: z.uuid(), role: z.enum(['pupil', 'teacher']) });
const enrolments = z.object({ school: z.uuid(), enrolments: z.array(enrolment).min(1).max(mostInEvent) });

const providers = z.object({ providerIds: z.array(z.uuid()).min(1).max(mostInEvent) });
const providerPeople = z.object({ provider: z.uuid(), personIds: z.array(z.uuid()).min(1).max(mostInEvent) });

/** Somebody was added on the page of a provider. `by`: who added them; null unless a person did. */
export const providerPersonInvited = z.object({ provider: z.uuid(), personId: z.uuid(), by: z.uuid().nullable() });
export const providerPeopleRemoved = providerPeople;

/** The school year of a school was turned, or put back. */
export const schoolYearTurned = z.object({ school: z.uuid(), rolloverId: z.uuid() });
export const schoolYearRestored = schoolYearTurned;

export type Enrolment = z.output<typeof enrolment>;

/** Payload schema of each event. Payloads contain only ids; docs/oneroster.md says when each event is published. */
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
  'school-year-turned': schoolYearTurned,
  'school-year-restored': schoolYearRestored,
  'providers-added': providers,
  'providers-changed': providers,
  'providers-removed': providers,
  'provider-people-added': providerPeople,
  'provider-people-changed': providerPeople,
  'provider-people-removed': providerPeopleRemoved,
  'provider-person-invited': providerPersonInvited,
};
