import { notFound, nothing, pageOf, pageQuery, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { byClassName, byFamilyName } from '../order.js';
import { classShape, mostClasses, mostMembers, personShape } from '../shapes.js';
import type { ClassMember } from './class-service.js';

const route = routeFor<Cradle>();
const idParams = z.object({ id: z.uuid() });

const groupBody = z.object({
  name: z.string().trim().min(1, 'Give the group a name.').max(80, 'Keep the name to 80 characters.'),
  pupils: z
    .array(z.uuid())
    .min(1, 'Choose at least one pupil.')
    .max(500, 'A group has 500 pupils at most.')
    .transform((ids) => [...new Set(ids.map((id) => id.toLowerCase()))]),
});

const membersShape = z.object({
  class: classShape,
  teachers: z.array(personShape).max(mostMembers),
  pupils: z.array(personShape).max(mostMembers),
  /** Whether there are more teachers or pupils than these; `Link` leads to them. */
  more: z.boolean(),
  /** Whether the caller owns this group and may change it. */
  own: z.boolean(),
  /** Whether the caller may remove it. */
  removable: z.boolean(),
});

export const classRoutes = [
  route({
    method: 'GET',
    path: '/classes',
    summary: 'Classes and groups of this school year: yours, or those of a school where you work',
    permission: 'signed-in',
    machines: { scope: 'classes:read' },
    query: z.object({
      of: z.enum(['me', 'school']).optional().describe('Default: me, for machines school'),
      school: z.uuid().optional(),
      ...pageQuery(mostClasses, mostClasses),
    }),
    responses: { 200: z.object({ classes: z.array(classShape).max(mostClasses), more: z.boolean() }) },
    async handler({ query: { school, limit, ...query }, principal, request, services }) {
      const of = query.of ?? (principal.kind === 'person' ? 'me' : 'school');
      const found = await services.classes.list({ of, school }, { limit: limit + 1, after: request.after() });
      const { rows, more, headers } = pageOf(found, limit, ({ name, id }) => [name, id], request);
      return reply(200, { classes: rows.sort(byClassName), more }, headers);
    },
  }),
  route({
    method: 'GET',
    path: '/classes/:id',
    summary: 'A class or group with its members',
    permission: 'class:read',
    machines: { scope: 'members:read' },
    params: idParams,
    query: z.object(pageQuery(mostMembers, mostMembers)),
    responses: { 200: membersShape },
    async handler({ params, query: { limit }, request, services }) {
      const found = await services.classes.members(params.id, { limit: limit + 1, after: request.after() });
      const { rows, more, headers } = pageOf(found, limit, ({ sorted }) => sorted, request);
      return reply(200, await withMembers(params.id, rows, more, services), headers);
    },
  }),
  route({
    method: 'GET',
    path: '/candidates',
    summary: 'Pupils whom you may put in a group: those of the classes that you teach',
    permission: 'group:write',
    machines: { none: 'A group belongs to a person.' },
    query: z.object({ school: z.uuid() }),
    responses: {
      200: z.array(z.object({ class: classShape, pupils: z.array(personShape).max(mostMembers) })).max(mostClasses),
    },
    async handler({ query, principal, services }) {
      const candidates = new Set(await services.groups.candidates(query.school));
      const classes = (await services.classes.ofPerson(principal.id ?? '')).filter(
        ({ school, kind }) => school === query.school && kind === 'class',
      );
      const pupilsOf = await services.classes.pupilsOfMany(classes.map(({ id }) => id));
      return classes.flatMap((one, index) => {
        const pupils = (pupilsOf[index] ?? []).filter(({ id }) => candidates.has(id));
        return pupils.length === 0 ? [] : [{ class: one, pupils }];
      });
    },
  }),
  route({
    method: 'POST',
    path: '/groups',
    summary: 'Make a group of pupils',
    permission: 'group:write',
    machines: { none: 'A group belongs to a person.' },
    body: groupBody.extend({ school: z.uuid() }),
    responses: { 201: membersShape },
    async handler({ body, services }) {
      const id = await services.groups.create(body.school, body);
      return reply(201, await groupOf(id, services));
    },
  }),
  route({
    method: 'PUT',
    path: '/groups/:id',
    summary: 'Change the name or the pupils of a group that you made',
    permission: 'group:write',
    machines: { none: 'A group belongs to a person.' },
    params: idParams,
    body: groupBody,
    responses: { 200: membersShape },
    async handler({ params, body, services }) {
      await services.groups.update(params.id, body);
      return groupOf(params.id, services);
    },
  }),
  route({
    method: 'DELETE',
    path: '/groups/:id',
    summary: 'Remove a group that you made, or one of a school that you manage',
    permission: 'group:remove',
    machines: { none: 'A group belongs to a person.' },
    params: idParams,
    responses: { 204: nothing('Removed') },
    async handler({ params, services }) {
      await services.groups.remove(params.id);
      return reply(204);
    },
  }),
];

/** @throws 404 for a class that the caller may not see */
async function withMembers(
  id: string,
  members: readonly ClassMember[],
  more: boolean,
  { classes, groups }: Cradle,
): Promise<z.input<typeof membersShape>> {
  const found = await classes.get(id);
  if (found === null) throw notFound();
  const those = (role: 'pupil' | 'teacher') =>
    members
      .filter((member) => member.role === role)
      .map(({ person }) => person)
      .sort(byFamilyName);
  return {
    class: found,
    teachers: those('teacher'),
    pupils: those('pupil'),
    more,
    own: await groups.owns(id),
    removable: await groups.mayRemove(id),
  };
}

/** A group with all its members: the routes that write it keep them below the maximum of a page. */
const groupOf = async (id: string, services: Cradle) =>
  withMembers(id, await services.classes.members(id, { limit: mostMembers, after: null }), false, services);
