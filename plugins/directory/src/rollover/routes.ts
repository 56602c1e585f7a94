import { nothing, routeFor, systemPrincipal } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { mostClasses, mostMembers, personShape } from '../shapes.js';

const route = routeFor<Cradle>();
const machines = { none: 'People of the school decide about its next school year.' } as const;
const params = z.object({ school: z.uuid() });
const date = z.iso.date();
const year = z.string().regex(/^\d{4}-\d{4}$/);
/** Pupils for whom one request chooses. */
const mostExceptions = 5_000;

const name = z.string().trim().min(1).max(60);
const outcomeShape = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('to'), name }),
  z.object({ outcome: z.literal('leaves') }),
  z.object({ outcome: z.literal('none') }),
]);
/** As it is stored, or proposed from the name of a class. */
const shownOutcome = z.object({ outcome: z.enum(['to', 'leaves', 'none']), name: z.string().optional() });
const teachers = z.enum(['same-name', 'along', 'none']);

export const rolloverRoutes = [
  route({
    method: 'GET',
    path: '/schools/:school/rollover',
    summary: 'What would happen to the classes and groups of a school of yours in the next school year, and what was chosen',
    permission: 'school-year:turn',
    machines,
    audit: { none: 'It shows numbers of pupils, without names.' },
    params,
    responses: {
      200: z.object({
        from: year,
        to: year,
        startsOn: date,
        applyFrom: date.describe('First day on which it can be applied'),
        mayApply: z.boolean(),
        appliedAt: z.iso.datetime().nullable(),
        undoUntil: z.iso.datetime().nullable(),
        mayUndo: z.boolean(),
        teachers: teachers.describe('Which teachers the classes get that are made'),
        paths: z.boolean().describe('Whether what was given to a class goes along with it'),
        delivered: z.boolean().describe('Whether the school’s own data have classes of the next year, so that none are made'),
        version: z.string(),
        classes: z
          .array(
            z.object({
              id: z.uuid(),
              name: z.string(),
              pupils: z.int(),
              goes: shownOutcome.nullable(),
              chosen: z.boolean(),
              to: z.array(z.object({ name: z.string(), pupils: z.int() })).max(mostClasses),
              leaving: z.int(),
              without: z.int(),
            }),
          )
          .max(mostClasses),
        groups: z
          .array(
            z.object({
              id: z.uuid(),
              name: z.string(),
              pupils: z.int(),
              taught: z.int(),
              goesAlong: z.boolean(),
              chosen: z.boolean(),
            }),
          )
          .max(mostClasses),
        more: z.boolean().describe('Whether there are more classes or groups than these'),
        made: z.int(),
        leavers: z.int(),
        classless: z.int(),
      }),
    },
    async handler({ params: { school }, services }) {
      const { years, row, mayApply, mayUndo, plan } = await services.rollovers.atHand(school);
      const { from, to, startsOn, applyFrom } = years;
      return {
        ...{ from, to, startsOn, applyFrom, mayApply, mayUndo },
        appliedAt: row?.applied_at?.toISOString() ?? null,
        undoUntil: row?.undo_until?.toISOString() ?? null,
        teachers: row?.teachers ?? 'same-name',
        paths: row?.paths ?? false,
        delivered: plan.delivered,
        version: plan.version,
        classes: plan.classes.slice(0, mostClasses).map(({ whole: _, ...one }) => one),
        groups: plan.groups.slice(0, mostClasses),
        more: plan.classes.length > mostClasses || plan.groups.length > mostClasses,
        made: plan.made.length,
        leavers: plan.leavers.length,
        classless: plan.classless.length,
      };
    },
  }),
  route({
    method: 'PUT',
    path: '/schools/:school/rollover',
    summary: 'Keep what a school of yours chooses for the next school year, where it is not what is proposed; nothing is applied',
    permission: 'school-year:turn',
    machines,
    params,
    body: z.object({
      version: z.string().max(100).describe('Of what you saw'),
      teachers,
      paths: z.boolean(),
      classes: z.array(z.object({ id: z.uuid(), goes: outcomeShape })).max(2 * mostClasses),
      pupils: z
        .array(z.object({ classId: z.uuid(), personId: z.uuid(), goes: outcomeShape.nullable() }))
        .max(mostExceptions)
        .describe('For pupils who do not go with their class; null: they do. Those who are not named stay as they are'),
    }),
    responses: { 204: nothing('Kept') },
    handler: ({ params: { school }, body: { version, ...choices }, services }) =>
      services.rollovers.keep(school, version, choices),
  }),
  route({
    method: 'GET',
    path: '/schools/:school/rollover/classes/:id/pupils',
    summary: 'Pupils of a class of a school of yours, with where they go if not with their class',
    permission: 'school-year:turn',
    machines,
    params: params.extend({ id: z.uuid() }),
    responses: {
      200: z.object({ pupils: z.array(z.object({ person: personShape, goes: shownOutcome.nullable() })).max(mostMembers) }),
    },
    handler: async ({ params: { school, id }, services }) => ({ pupils: await services.rollovers.pupilsOf(school, id) }),
  }),
  route({
    method: 'POST',
    path: '/schools/:school/rollover/apply',
    summary: 'Turn the school year of a school of yours: classes and groups of the next year, and pupils who leave',
    permission: 'school-year:turn',
    recentSignIn: true,
    machines,
    params,
    body: z.object({ version: z.string().max(100).describe('Of what you saw') }),
    responses: { 204: nothing('Applied') },
    async handler({ params: { school }, body: { version }, services }) {
      await services.rollovers.requireSchool(school);
      // Pupils may also be in schools for which the caller does not act.
      await services.actAs(systemPrincipal(), ({ turning }: Cradle) => turning.apply(school, version));
    },
  }),
  route({
    method: 'POST',
    path: '/schools/:school/rollover/undo',
    summary: 'Put the classes, groups and pupils of a school of yours back as they were before the turn of the school year',
    permission: 'school-year:turn',
    recentSignIn: true,
    machines,
    params,
    body: z.object({ to: z.string().max(20).describe('The school year to which it went') }),
    responses: {
      200: z.object({ away: z.int().describe('Pupils who left the school and stay away, as their place was changed since') }),
    },
    async handler({ params: { school }, body: { to }, services }) {
      await services.rollovers.requireSchool(school);
      return services.actAs<{ away: number }, Cradle>(systemPrincipal(), ({ turning }) => turning.undo(school, to));
    },
  }),
];
