import { notFound, nothing, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { StudyCradle } from './cradle.js';
import { schoolStates, studyView } from './study.js';
import { mostSchoolStudies } from './study-schools.js';

const route = routeFor<StudyCradle>();
const machines = { none: 'The head of a school decides for it.' } as const;
const permission = 'study:agree';
const mostClasses = 200;
const params = z.object({ study: z.uuid(), school: z.uuid() });

const schoolStudy = z.object({
  study: studyView,
  school: z.uuid(),
  schoolName: z.string(),
  state: z.enum(schoolStates),
  /** Ids of the classes whose pupils are asked. */
  classes: z.array(z.uuid()).max(mostClasses),
});
export type SchoolStudyView = z.output<typeof schoolStudy>;

export const schoolStudyRoutes = [
  route({
    method: 'GET',
    path: '/school-studies',
    summary: 'Studies that ask people of your schools, the latest first',
    permission,
    machines,
    audit: { none: 'It shows studies and classes, and nobody.' },
    responses: { 200: z.array(schoolStudy).max(mostSchoolStudies) },
    async handler({ services: { studySchools, directory } }) {
      const found = await studySchools.list();
      const schools = await directory.schools.getMany([...new Set(found.map(({ decided }) => decided.school))]);
      const names = new Map(schools.map(({ id, name }) => [id, name]));
      return found.map(({ decided: { school, state, classes }, study }) => ({
        ...{ study, school, schoolName: names.get(school) ?? '', state, classes },
      }));
    },
  }),
  route({
    method: 'GET',
    path: '/school-studies/:school/classes',
    summary: 'Classes of the school, from which it chooses',
    permission,
    machines,
    audit: { none: 'It shows classes, and nobody.' },
    params: z.object({ school: z.uuid() }),
    responses: { 200: z.array(z.object({ id: z.uuid(), name: z.string(), pupils: z.int() })).max(mostClasses) },
    async handler({ params: { school }, services: { directory } }) {
      const found = (await directory.classes.ofSchool(school)).filter(({ kind }) => kind === 'class');
      return found.slice(0, mostClasses).map(({ id, name, pupils }) => ({ id, name, pupils }));
    },
  }),
  route({
    method: 'PUT',
    path: '/school-studies/:study/:school',
    summary: 'Agree that pupils of these classes are asked, or refuse; an agreement is ended in the same way',
    permission,
    machines,
    params,
    body: z.union([
      z.strictObject({ answer: z.literal('agreed'), classes: z.array(z.uuid()).min(1).max(mostClasses) }),
      z.strictObject({ answer: z.literal('refused') }),
    ]),
    responses: { 204: nothing('Decided') },
    async handler({ params: { study, school }, body, principal, services: { studySchools } }) {
      // For the whole portal nobody agrees in the name of a school.
      if (principal.tenants === '*' || !principal.tenants.includes(school)) throw notFound();
      await (body.answer === 'agreed' ? studySchools.agree(study, school, body.classes) : studySchools.refuse(study, school));
    },
  }),
];
