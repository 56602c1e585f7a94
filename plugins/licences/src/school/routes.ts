import { nothing, pageOf, pageQuery, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { reasons } from '../decisions/decide.js';
import { schoolPlan } from '../plans/plan.js';
import { mostTools } from '../plans/tools.js';
import { mostClasses, mostPlans } from './school-licences.js';

const route = routeFor<Cradle>();
const school = z.object({ school: z.uuid() });
const licence = school.extend({ plan: z.uuid() });
const machines = { none: 'People of the school decide who uses its licences.' } as const;
const noPeople = { none: 'It shows no personal data.' } as const;

export const schoolRoutes = [
  route({
    method: 'GET',
    path: '/schools/:school/licences',
    summary: 'The licences of a school of yours, those that end last first, with seats taken',
    permission: 'licence:school',
    machines,
    audit: noPeople,
    params: school,
    responses: { 200: z.object({ licences: z.array(schoolPlan).max(mostPlans), more: z.boolean() }) },
    handler: ({ params, services }) => services.schoolLicences.list(params.school),
  }),
  route({
    method: 'GET',
    path: '/schools/:school/tools',
    summary: 'The tools that need a licence, and whether the school may use them now',
    permission: 'licence:school',
    machines,
    audit: noPeople,
    params: school,
    responses: {
      200: z.object({
        tools: z
          .array(
            z.object({
              key: z.string(),
              name: z.string(),
              allowed: z.boolean(),
              reason: z.enum(reasons),
              day: z.iso.date().nullable(),
              endsSoon: z.boolean(),
              refusesPupils: z.enum(reasons).nullable().describe('Why pupils may not use it although the school has a licence'),
            }),
          )
          .max(mostTools),
      }),
    },
    async handler({ params, services: { schoolLicences, decisions, licensedTools } }) {
      await schoolLicences.school(params.school);
      const names = await licensedTools.names();
      const found = await decisions.ofSchool(params.school);
      return {
        tools: found
          .map(({ tool, ...licenceOf }) => ({ key: tool, name: names.get(tool) ?? tool, ...licenceOf }))
          .sort((a, b) => a.name.localeCompare(b.name, 'nl'))
          .slice(0, mostTools),
      };
    },
  }),
  route({
    method: 'GET',
    path: '/schools/:school/licences/:plan',
    summary: 'One licence of a school of yours, with the classes to which it was handed out',
    permission: 'licence:school',
    machines,
    audit: noPeople,
    params: licence,
    responses: {
      200: z.object({
        licence: schoolPlan,
        classes: z.array(z.object({ id: z.uuid(), name: z.string(), pupils: z.int() })).max(mostClasses),
      }),
    },
    handler: async ({ params: { school: id, plan }, services: { schoolLicences } }) => ({
      licence: await schoolLicences.one(id, plan),
      classes: await schoolLicences.classesOf(id, plan),
    }),
  }),
  route({
    method: 'GET',
    path: '/schools/:school/licences/:plan/seats',
    summary: 'Who has a seat, the last first',
    permission: 'licence:school',
    machines,
    params: licence,
    query: z.object(pageQuery(50, 200)),
    responses: {
      200: z.object({
        seats: z.array(z.object({ person: z.uuid(), name: z.string(), takenAt: z.iso.datetime() })).max(200),
        more: z.boolean(),
      }),
    },
    async handler({ params: { school: id, plan }, query: { limit }, request, services: { schoolLicences } }) {
      const found = await schoolLicences.holdersOf(id, plan, limit + 1, request.after());
      const { rows, more, headers } = pageOf(found, limit, ({ position }) => position, request);
      return reply(200, { seats: rows.map(({ holder }) => holder), more }, headers);
    },
  }),
  route({
    method: 'PUT',
    path: '/schools/:school/licences/:plan/choice',
    summary: 'Say whether everybody of the school may use a licence, or only those to whom it is handed out',
    permission: 'licence:school',
    machines,
    params: licence,
    body: z.strictObject({ onlyChosen: z.boolean() }),
    responses: { 204: nothing('Kept') },
    handler: ({ params: { school: id, plan }, body, services }) => services.schoolLicences.choose(id, plan, body.onlyChosen),
  }),
  route({
    method: 'POST',
    path: '/schools/:school/licences/:plan/classes',
    summary: 'Hand a licence out to a class: a seat for each pupil, or for none if there are too few',
    permission: 'licence:school',
    machines,
    params: licence,
    body: z.strictObject({ class: z.uuid() }),
    responses: { 204: nothing('Handed out') },
    handler: ({ params: { school: id, plan }, body, services }) => services.schoolLicences.giveClass(id, plan, body.class),
  }),
  route({
    method: 'POST',
    path: '/schools/:school/licences/:plan/classes/:class/removal',
    summary: 'Take a licence back from a class, with the seats of its pupils',
    permission: 'licence:school',
    machines,
    params: licence.extend({ class: z.uuid() }),
    responses: { 204: nothing('Taken back') },
    handler: ({ params: { school: id, plan, class: classId }, services }) =>
      services.schoolLicences.takeFromClass(id, plan, classId),
  }),
  route({
    method: 'POST',
    path: '/schools/:school/licences/:plan/seats',
    summary: 'Give somebody of the school a seat, also after it was taken back',
    permission: 'licence:school',
    machines,
    params: licence,
    body: z.strictObject({ person: z.uuid() }),
    responses: { 204: nothing('Given') },
    handler: ({ params: { school: id, plan }, body, services }) => services.schoolLicences.givePerson(id, plan, body.person),
  }),
  route({
    method: 'POST',
    path: '/schools/:school/licences/:plan/seats/:person/removal',
    summary: 'Take a seat back: the person cannot enter the next time',
    permission: 'licence:school',
    machines,
    params: licence.extend({ person: z.uuid() }),
    responses: { 204: nothing('Taken back') },
    handler: ({ params: { school: id, plan, person }, services }) => services.schoolLicences.takeFromPerson(id, plan, person),
  }),
];
