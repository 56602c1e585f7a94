import type { Cell } from './suppression/rule.js';

/** A number that the cube holds. Its definition in words is a message of the plugin `reports`: `measures.<id>.definition`. */
export interface Measure {
  id: MeasureId;
  unit: Cell['unit'];
  /** What its parts are; null: it has none. `field`: a tool and what it got about people, such as `practice name`. */
  items: 'tool' | 'objective' | 'field' | null;
  /** Whether the parts add up to the total. Somebody who uses two tools is one person. */
  addsUp: boolean;
  /** It counts the people behind that measure. */
  peopleOf?: MeasureId;
  /** The plugin whose events are counted, and which answers for the number. */
  owner: string;
}

export const measureIds = [
  'schools',
  'pupils',
  'teachers',
  'launches',
  'pupil-days',
  'shared',
  'steps-done',
  'pupils-done',
  'paths-made',
  'paths-given',
  'paths-walked',
  'pupils-walked',
  'results',
  'results-reached',
  'academy-minutes',
  'academy-people',
  'tickets',
  'ticket-minutes',
] as const;

export type MeasureId = (typeof measureIds)[number];

const sum = (id: MeasureId, owner: string, items: Measure['items'] = null, addsUp = true): Measure => ({
  ...{ id, owner, items, addsUp },
  unit: 'sum',
});
const people = (id: MeasureId, owner: string, rest: Partial<Measure> = {}): Measure => ({
  ...{ id, owner, items: null, addsUp: false },
  unit: 'people',
  ...rest,
});

/** All numbers of the cube. It is fixed: whoever wants another one adds it here, and it is protected together with the others. */
export const measures: readonly Measure[] = [
  people('schools', 'lti', { items: 'tool' }),
  people('pupils', 'lti', { items: 'tool' }),
  people('teachers', 'lti', { items: 'tool' }),
  sum('launches', 'lti', 'tool'),
  sum('pupil-days', 'lti', 'tool'),
  sum('shared', 'lti', 'field', false),
  sum('steps-done', 'myway'),
  people('pupils-done', 'myway', { peopleOf: 'steps-done' }),
  sum('paths-made', 'myway'),
  sum('paths-given', 'myway'),
  sum('paths-walked', 'myway'),
  people('pupils-walked', 'myway', { peopleOf: 'paths-walked' }),
  // A result counts for each goal of its activity.
  sum('results', 'myway', 'objective', false),
  sum('results-reached', 'myway', 'objective', false),
  sum('academy-minutes', 'academy'),
  people('academy-people', 'academy', { peopleOf: 'academy-minutes' }),
  sum('tickets', 'helpdesk'),
  sum('ticket-minutes', 'helpdesk'),
];

/**
 * Pairs of which the first is never larger than the second, with the same place, part and period. Everybody can know that, so the attack on
 * a publication may use it.
 */
export const neverLarger: readonly (readonly [MeasureId, MeasureId])[] = [
  ['pupil-days', 'launches'],
  ['pupils', 'pupil-days'],
  ['pupils-done', 'steps-done'],
  ['pupils-walked', 'paths-walked'],
  ['results-reached', 'results'],
];
