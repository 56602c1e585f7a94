import { routeFor } from '@ilearn/core';
import type {} from '@ilearn/plugin-search';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';

/** Answers the search box in the bar: tasks of the reader's own classes. */
export const findHomework = routeFor<Cradle>()({
  method: 'GET',
  path: '/search/homework',
  summary: 'Homework of your classes by words of its title or subject',
  permission: 'homework:read',
  machines: { none: 'People search.' },
  audit: { none: 'It shows no personal data.' },
  timeoutMs: 5_000,
  query: z.object({ q: z.string().trim().min(2).max(100), limit: z.coerce.number().int().min(1).max(20).default(6) }),
  responses: {
    200: z.object({
      results: z.array(z.object({ title: z.string(), detail: z.string().nullable(), place: z.string() })).max(20),
      more: z.boolean(),
    }),
  },
  async handler({ query: { q, limit }, principal, services: { Homework, directory } }) {
    const classes = new Map((await directory.classes.ofPerson(principal.id as string)).map(({ id, name }) => [id, name]));
    const found = await Homework.query()
      .whereIn('class_id', [...classes.keys()])
      .whereRaw("position(lower(?) in lower(subject || ' ' || title)) > 0", [q])
      .orderBy([{ column: 'due_on', order: 'desc' }, 'id'])
      .limit(limit + 1);
    return {
      results: found.slice(0, limit).map((row) => ({
        title: `${row.subject}: ${row.title}`,
        detail: classes.get(row.class_id) ?? null,
        place: `/agenda/${row.class_id}`,
      })),
      more: found.length > limit,
    };
  },
});

/** Contributions to `search.sources`. */
export const searchSources = [
  {
    kind: 'homework',
    messages: new URL('../../messages/', import.meta.url),
    label: 'search.homework',
    icon: 'notebook-pen',
    order: 30,
    route: findHomework,
  },
];
