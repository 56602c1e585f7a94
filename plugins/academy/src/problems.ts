import { conflict, Problem } from '@ilearn/core';

/** Why a sign-up cannot be made or changed. Each type has a text in the messages (`problems.<slug>`). */
const details = {
  'already-enrolled': 'This person already has a sign-up for this event.',
  'sign-up-closed': 'Nobody can sign up for this event now.',
  full: 'There are not so many free seats, and this event has no waiting list for them.',
  clash: 'Another training of this person is at the same time. Send `acceptClash: true` to sign up all the same.',
  'not-now': 'The sign-up is in another state by now, in which this cannot be done. Look at it again.',
  'too-late-to-cancel': 'The last day on which people can cancel themselves has passed. The provider still can.',
  'offer-over': 'The deadline of this offer has passed.',
  'event-cancelled': 'This event was cancelled. A cancelled event is not opened again: make a new one.',
  'event-over': 'This event has begun, or is over.',
  'too-early-to-mark': 'Attendance can be marked from 15 minutes before the start.',
  'not-of-school': 'This person does not work at the school.',
  'has-enrolments': 'People signed up for it. Cancel the event, so that they are told.',
  'coaching-not-now': 'The coaching is in another state by now, in which this cannot be done. Look at it again.',
  'amendment-needed': 'That is more than the hours that were agreed. Both sides first sign other hours.',
  'not-a-trainer': 'This person is no trainer of the provider.',
  'path-gone': 'The path of this training is not there now.',
  'not-a-coach': 'This person is no coach of the provider.',
} as const;

export type ProblemSlug = keyof typeof details;

export const refused = (slug: ProblemSlug, detail: string = details[slug]): Problem => conflict(`academy/${slug}`, detail);

export const reasonMissing = (): Problem =>
  new Problem({ type: 'academy/reason-missing', status: 422, title: 'Reason missing', detail: 'Say why: the person reads it.' });
