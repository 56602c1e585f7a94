import { handlerFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';

const handler = handlerFor<Cradle>();

const classes = (type: 'directory.classes-added' | 'directory.classes-changed' | 'directory.classes-removed') =>
  handler(type, ({ payload: { school, classIds }, services }) =>
    services.deliveries.add({ type, school, data: { classIds }, person: null }),
  );

/** Who is in which class changed. The ids of the people are not told: an app reads the list that it may see. */
const members = (type: 'directory.enrolments-added' | 'directory.enrolments-changed' | 'directory.enrolments-removed') =>
  handler(type, ({ payload: { school, enrolments }, services }) =>
    services.deliveries.add({
      type: 'directory.members-changed',
      school,
      data: { classIds: [...new Set(enrolments.map(({ classId }) => classId))] },
      person: null,
    }),
  );

const assignments = (type: 'myway.assignment-given' | 'myway.assignment-changed' | 'myway.assignment-withdrawn') =>
  handler(type, ({ payload: { school, ...data }, services }) => services.deliveries.add({ type, school, data, person: null }));

const steps = (type: 'myway.step-done' | 'myway.step-reset') =>
  handler(type, ({ payload: { school, ...data }, services }) =>
    services.deliveries.add({ type, school, data, person: data.pupilId }),
  );

/** Events of other plugins that apps can be told of. */
export const on = {
  'directory.classes-added': classes('directory.classes-added'),
  'directory.classes-changed': classes('directory.classes-changed'),
  'directory.classes-removed': classes('directory.classes-removed'),
  'directory.enrolments-added': members('directory.enrolments-added'),
  'directory.enrolments-changed': members('directory.enrolments-changed'),
  'directory.enrolments-removed': members('directory.enrolments-removed'),
  'myway.assignment-given': assignments('myway.assignment-given'),
  'myway.assignment-changed': assignments('myway.assignment-changed'),
  'myway.assignment-withdrawn': assignments('myway.assignment-withdrawn'),
  'myway.step-done': steps('myway.step-done'),
  'myway.step-reset': steps('myway.step-reset'),
  'myway.path-finished': handler('myway.path-finished', ({ payload: { school, ...data }, services }) =>
    services.deliveries.add({ type: 'myway.path-finished', school, data, person: data.pupilId }),
  ),
};
