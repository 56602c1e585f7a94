import { routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';

const route = routeFor<Cradle>();

const query = z.object({
  q: z.string().trim().min(2).max(100).describe('Words that the name contains'),
  limit: z.coerce.number().int().min(1).max(20).default(6),
});
const found = z.object({
  results: z.array(z.object({ title: z.string(), detail: z.string().nullable(), place: z.string() })).max(20),
  more: z.boolean(),
});

export const findPeople = route({
  method: 'GET',
  path: '/search/people',
  summary: 'People of your schools who are in a class, by name',
  permission: 'people:read',
  mayLag: true,
  machines: { none: 'Machines read people by class.' },
  timeoutMs: 5_000,
  query,
  responses: { 200: found },
  async handler({ query: { q, limit }, services: { finder } }) {
    const people = await finder.people(q, limit + 1);
    return {
      results: people.slice(0, limit).map(({ id, given_name, family_name, classes }) => ({
        title: `${given_name} ${family_name}`,
        detail: classes.map(({ name }) => name).join(', '),
        place: `/personen/${id}`,
      })),
      more: people.length > limit,
    };
  },
});

export const findClasses = route({
  method: 'GET',
  path: '/search/classes',
  summary: 'Classes of your schools and your groups of this school year, by name',
  permission: 'class:read',
  mayLag: true,
  machines: { none: 'Machines have the list of classes.' },
  timeoutMs: 5_000,
  query,
  responses: { 200: found },
  async handler({ query: { q, limit }, services: { finder } }) {
    const classes = await finder.classes(q, limit + 1);
    return {
      results: classes.slice(0, limit).map(({ id, name, school }) => ({ title: name, detail: school, place: `/klassen/${id}` })),
      more: classes.length > limit,
    };
  },
});

export const searchRoutes = [findPeople, findClasses];
